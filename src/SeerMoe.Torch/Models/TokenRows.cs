using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>The inputs of experts: a row of a token for each of its slots. The gradient adds a token's rows up in the order of its slots; libtorch's adds row by row to zeros.</summary>
internal sealed class TokenRows : autograd.SingleTensorFunction<TokenRows>
{
    private const string Places = nameof(Places);
    private const string TopK = nameof(TopK);

    public override string Name => nameof(TokenRows);

    /// <summary>[T, D] to [R', D].</summary>
    /// <param name="rows">See <see cref="Dispatch.Rows"/>.</param>
    /// <param name="topK">Slots of a token.</param>
    public static Tensor Take(Tensor x_TD, (long[] Tokens, long[] Places) rows, int topK) =>
        is_grad_enabled() && x_TD.requires_grad && TensorMemory.Holds(x_TD) && rows.Places.Length > 0
            ? apply(x_TD, rows.Tokens, rows.Places, topK)
            : x_TD.index_select(0, tensor(rows.Tokens, device: x_TD.device));

    /// <param name="vars">x, the token of each row, the row of each slot, slots of a token.</param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        BackwardPass.Keep(ctx);
        ctx.save_data(Places, vars[2]);
        ctx.save_data(TopK, vars[3]);
        return ((Tensor)vars[0]).index_select(0, tensor((long[])vars[1]));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardPass.Gradients(ctx, grad_output, 4, (d_RD, _) =>
    {
        var places = (long[])ctx.get_data(Places);
        var topK = (int)ctx.get_data(TopK);
        var whole_RD = d_RD.contiguous();
        var ones_TK = ones([places.Length / topK, topK], whole_RD.dtype);
        return [CombineKernel.Of(whole_RD, ones_TK, places), null!, null!, null!];
    });
}
