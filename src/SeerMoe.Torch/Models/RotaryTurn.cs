using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A turn by an angle; its gradient is the turn back.</summary>
internal sealed class RotaryTurn : autograd.SingleTensorFunction<RotaryTurn>
{
    public override string Name => nameof(RotaryTurn);

    /// <summary>See <see cref="RotaryKernel.Turn"/>, which must be able to take x.</summary>
    public static Tensor Of(Tensor x, Tensor cos, Tensor sin) => is_grad_enabled() && x.requires_grad ? apply(x, cos, sin) : RotaryKernel.Turn(x, cos, sin);

    /// <param name="vars">x, cos and sin.</param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, cos, sin) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        BackwardPass.Keep(ctx, cos, sin);
        return RotaryKernel.Turn(x, cos, sin);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        BackwardPass.Gradients(ctx, grad_output, 3, (dy, kept) => [RotaryKernel.Turn(RotaryKernel.Serve(dy) ? dy : dy.contiguous(), kept[0], kept[1].neg(), sideBySide: true), null!, null!]);
}
