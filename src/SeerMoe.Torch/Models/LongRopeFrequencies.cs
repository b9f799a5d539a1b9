using System.Collections.Immutable;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>LongRoPE (Ding et al., arXiv 2402.13753) as Phi-3.5-MoE has it: one divisor a pair, and another set beyond the original length.</summary>
/// <param name="dimensions">d, dimensions that turn.</param>
/// <param name="theta">Base.</param>
/// <param name="originalLength">Tokens up to which the short set holds.</param>
/// <param name="shorter">Divisors [d / 2] and scale up to it.</param>
/// <param name="longer">The same beyond it.</param>
public sealed class LongRopeFrequencies(
    int dimensions, double theta, int originalLength, (ImmutableArray<double> Divisors, double Scale) shorter, (ImmutableArray<double> Divisors, double Scale) longer)
    : IRotaryFrequencies
{
    public int Dimensions => dimensions;

    public Tensor Radians(long length, Device device)
    {
        float[] divisors = [.. (IsLong(length) ? longer : shorter).Divisors.Select(divisor => (float)divisor)];
        return 1.0 / (tensor(divisors, device: device) * PlainFrequencies.Powers(dimensions, theta, device));
    }

    public double Scale(long length) => (IsLong(length) ? longer : shorter).Scale;

    /// <summary>Whether a sequence of so many tokens lies beyond the original length.</summary>
    public bool IsLong(long length) => length > originalLength;
}
