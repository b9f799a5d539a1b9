using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A projection times a constant. On queries it makes up for an attention scale other than d^-0.5, since scores are linear in them.</summary>
public sealed class ScaledProjection(IProjection inner, double factor) : IProjection
{
    public Tensor Forward(Tensor x) => inner.Forward(x) * factor;
}

/// <summary>The same of a projection without a bias, whose input is so much narrower than its output that the input is multiplied: a head.</summary>
public sealed class ScaledHead(IProjection inner, double factor) : IProjection
{
    public Tensor Forward(Tensor x) => inner.Forward(x * factor);
}
