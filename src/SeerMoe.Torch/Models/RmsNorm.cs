using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>w * x / rms(x), the square mean in float32 (Zhang and Sennrich, arXiv 1910.07467).</summary>
/// <param name="weight">[D]</param>
/// <param name="epsilon">Added to the mean square.</param>
public sealed class RmsNorm(Tensor weight, double epsilon)
{
    /// <summary>[..., D] to the same shape.</summary>
    public Tensor Forward(Tensor x)
    {
        var wide = x.to_type(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return weight * (wide * scale).to_type(x.dtype);
    }
}
