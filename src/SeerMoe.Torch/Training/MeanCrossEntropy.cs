using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Mean cross entropy with a gradient on the CPU, which takes the place of the logits: of a table of them there is one, where libtorch makes three (five in bfloat16).
/// So nobody else may read those logits. With the head of 32,000 columns and 2,048 rows on two cores, forward and backward, it is 3 and 2 % faster (float32, bfloat16).
/// </summary>
internal sealed class MeanCrossEntropy : autograd.SingleTensorFunction<MeanCrossEntropy>
{
    private const string Targets = nameof(Targets);
    private const string Sums = nameof(Sums);

    public override string Name => nameof(MeanCrossEntropy);

    /// <param name="vars">Logits [N, V] and the target columns, an array of N.</param>
    /// <returns>A float32 number.</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (logits_NV, targets_N) = ((Tensor)vars[0], (long[])vars[1]);
        var sums_N = new RowSum[targets_N.Length];
        var mean = CrossEntropyKernel.Losses(logits_NV, targets_N, sums_N).Average();
        BackwardPass.Keep(ctx, logits_NV);
        ctx.save_data(Targets, targets_N);
        ctx.save_data(Sums, sums_N);
        return tensor((float)mean);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardPass.Gradients(ctx, grad_output, 2, (factor, kept) =>
    {
        var targets_N = (long[])ctx.get_data(Targets);
        CrossEntropyKernel.Gradient(kept[0], targets_N, (RowSum[])ctx.get_data(Sums), factor.Number() / targets_N.Length);
        return [kept[0].detach(), null!];
    });
}
