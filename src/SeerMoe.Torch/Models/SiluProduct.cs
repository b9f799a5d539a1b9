using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>silu(g) * u with its gradient; silu(g) is not kept.</summary>
internal sealed class SiluProduct : autograd.SingleTensorFunction<SiluProduct>
{
    public override string Name => nameof(SiluProduct);

    /// <summary>[T, F] and [T, F] to [T, F].</summary>
    public static Tensor Of(Tensor g, Tensor u) => !SiluProductKernel.Serve(g, u)
        ? silu(g) * u
        : is_grad_enabled() && (g.requires_grad || u.requires_grad) ? apply(g, u) : SiluProductKernel.Of(g, u);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (g, u) = ((Tensor)vars[0], (Tensor)vars[1]);
        BackwardPass.Keep(ctx, g, u);
        return SiluProductKernel.Of(g, u);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => BackwardPass.Gradients(ctx, grad_output, 2, (dy, kept) =>
    {
        var (dg, du) = SiluProductKernel.Gradients(kept[0], kept[1], dy);
        return [dg, du];
    });
}
