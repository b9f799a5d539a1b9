using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>w * x / rms(x) with its gradient: libtorch's goes through eight tables of the size of x.</summary>
internal sealed class RmsNormed : autograd.SingleTensorFunction<RmsNormed>
{
    private const string Epsilon = nameof(Epsilon);
    private const string RoundsFirst = nameof(RoundsFirst);

    public override string Name => nameof(RmsNormed);

    /// <summary>See <see cref="RmsNormKernel.Of"/>, which must be able to take these.</summary>
    public static Tensor Of(Tensor x, Tensor weight, double epsilon, bool roundsFirst) =>
        is_grad_enabled() && (x.requires_grad || weight.requires_grad) ? apply(x, weight, epsilon, roundsFirst) : RmsNormKernel.Of(x, weight, epsilon, roundsFirst);

    /// <param name="vars">x, w, what is added to the mean square, and whether x / rms(x) is rounded before it is multiplied by the weight.</param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, epsilon, roundsFirst) = ((Tensor)vars[0], (Tensor)vars[1], (double)vars[2], (bool)vars[3]);
        BackwardPass.Keep(ctx, x, weight);
        ctx.save_data(Epsilon, epsilon);
        ctx.save_data(RoundsFirst, roundsFirst);
        return RmsNormKernel.Of(x, weight, epsilon, roundsFirst);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardPass.Gradients(ctx, grad_output, 4, (dy, kept) =>
    {
        var (dx, dw) = RmsNormKernel.Gradients(kept[0], kept[1], dy, (double)ctx.get_data(Epsilon), (bool)ctx.get_data(RoundsFirst));
        return [dx, dw, null!, null!];
    });
}
