using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A projection whose output is normalised: as a whole, or head by head where the norm is as long as a head.</summary>
/// <param name="inner">[..., in] to [..., out].</param>
/// <param name="norm">Over the last <paramref name="length"/> elements.</param>
/// <param name="length">Elements that are normalised together; divides out.</param>
public sealed class NormedProjection(IProjection inner, INorm norm, int length) : IProjection
{
    public Tensor Forward(Tensor x) => norm.Forward(inner.Forward(x).Split(length)).flatten(-2);
}
