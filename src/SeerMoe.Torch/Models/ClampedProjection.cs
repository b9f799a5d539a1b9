using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A projection clamped to ±<paramref name="limit"/> (`clip_qkv` of OLMoE).</summary>
public sealed class ClampedProjection(IProjection inner, double limit) : IProjection
{
    public Tensor Forward(Tensor x) => inner.Forward(x).clamp(-limit, limit);
}
