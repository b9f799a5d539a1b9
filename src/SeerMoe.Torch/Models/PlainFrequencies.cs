using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>theta^(-2i/d) (Su et al., arXiv 2104.09864), divided by <paramref name="factor"/> where positions are interpolated (arXiv 2306.15595).</summary>
/// <param name="dimensions">d, dimensions that turn.</param>
/// <param name="theta">Base.</param>
/// <param name="factor">1 for none.</param>
public sealed class PlainFrequencies(int dimensions, double theta, double factor = 1) : IRotaryFrequencies
{
    public int Dimensions => dimensions;

    public Tensor Radians(long length, Device device) => 1.0 / (Powers(dimensions, theta, device) * factor);

    public double Scale(long length) => 1;

    /// <summary>theta^(2i/d), [d / 2].</summary>
    /// <remarks>float32 as the reference computes them: float64 angles would differ at long positions.</remarks>
    public static Tensor Powers(int dimensions, double theta, Device device)
    {
        var exponents = arange(0, dimensions, 2, ScalarType.Float32, device) / dimensions;
        return tensor((float)theta, ScalarType.Float32, device).pow(exponents);
    }
}
