using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>y_t = sum over k of g_tk f_place(t, k) with its gradient: libtorch's goes over five tables of the experts' outputs.</summary>
internal sealed class WeightedSum : autograd.SingleTensorFunction<WeightedSum>
{
    private const string Places = nameof(Places);

    public override string Name => nameof(WeightedSum);

    /// <param name="vars">f [R, D], g [T, K] and the row of each slot, an array of T K.</param>
    /// <returns>[T, D]</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (outputs_RD, gates_TK, places_R) = ((Tensor)vars[0], (Tensor)vars[1], (long[])vars[2]);
        BackwardPass.Keep(ctx, outputs_RD, gates_TK);
        ctx.save_data(Places, places_R);
        return CombineKernel.Of(outputs_RD, gates_TK, places_R);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardPass.Gradients(ctx, grad_output, 3, (dy_TD, kept) =>
    {
        var (dOutputs_RD, dGates_TK) = CombineKernel.Gradients(kept[0], kept[1], (long[])ctx.get_data(Places), dy_TD);
        return [dOutputs_RD, dGates_TK, null!];
    });
}
