using SeerMoe.Torch.Kernels;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>w * x / rms(x), the square mean in float32, rounded before the weight (Zhang and Sennrich, arXiv 1910.07467).</summary>
/// <param name="weight">[D]</param>
/// <param name="epsilon">Added to the mean square.</param>
public sealed class RmsNorm(Tensor weight, double epsilon) : INorm
{
    public Tensor Forward(Tensor x) => RmsNormKernel.Serve(x, weight)
        ? RmsNormed.Of(x, weight, epsilon, roundsFirst: true)
        : weight * Scaled(x, epsilon).to_type(x.dtype);

    /// <summary>x / rms(x) in float32.</summary>
    public static Tensor Scaled(Tensor x, double epsilon)
    {
        var wide = x.to_type(ScalarType.Float32);
        return wide * (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
    }
}
