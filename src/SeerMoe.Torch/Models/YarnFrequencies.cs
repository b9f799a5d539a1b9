using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// YaRN (Peng et al., arXiv 2309.00071): fast dimensions keep their frequency, slow ones are divided by the factor, between the two
/// corrections both are blended along a ramp.
/// <code>
/// weight of the divided frequency   0 0 0 0 .2 .4 .6 .8 1 1 1 1
/// dimension / 2                     0     low        high
/// </code>
/// </summary>
/// <param name="dimensions">d, dimensions that turn.</param>
/// <param name="theta">Base.</param>
/// <param name="options">The other keys.</param>
public sealed class YarnFrequencies(int dimensions, double theta, YarnOptions options) : IRotaryFrequencies
{
    public int Dimensions => dimensions;

    public Tensor Radians(long length, Device device)
    {
        var powers = PlainFrequencies.Powers(dimensions, theta, device);
        var (kept, divided) = (1.0 / powers, 1.0 / (powers * options.Factor));
        var (low, high) = Range();
        var ramp = ((arange(dimensions / 2, ScalarType.Float32, device) - low) / (high - low)).clamp(0, 1);
        return (divided * ramp) + (kept * (1 - ramp));
    }

    public double Scale(long length) => options.AttentionFactor ?? (options.MScale, options.MScaleAllDim) switch
    {
        ({ } some, { } all) when some != 0 && all != 0 => MScale(options.Factor, some) / MScale(options.Factor, all),
        _ => MScale(options.Factor, 1),
    };

    /// <summary>m(s, a) = 0.1 a ln s + 1 for s above 1.</summary>
    public static double MScale(double factor, double weight) => factor <= 1 ? 1 : (0.1 * weight * Math.Log(factor)) + 1;

    /// <summary>The pairs that turn beta_fast and beta_slow times over the original length.</summary>
    private (double Low, double High) Range()
    {
        double Pair(double turns) => dimensions * Math.Log(options.OriginalLength / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
        var (low, high) = (Pair(options.BetaFast), Pair(options.BetaSlow));
        (low, high) = options.Truncate ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        (low, high) = (Math.Max(low, 0), Math.Min(high, dimensions - 1));
        return (low, high == low ? high + 0.001 : high);
    }
}

/// <summary>Keys of `rope_scaling` for YaRN.</summary>
/// <param name="Factor">s, by how much the context grows.</param>
/// <param name="OriginalLength">Tokens that the model was first trained for.</param>
/// <param name="BetaFast">Turns above which a pair keeps its frequency.</param>
/// <param name="BetaSlow">Turns below which it is divided.</param>
/// <param name="Truncate">Whether the ends of the ramp are whole numbers.</param>
/// <param name="AttentionFactor">Scale of cosine and sine, or null to compute it.</param>
/// <param name="MScale">Its weight, or null.</param>
/// <param name="MScaleAllDim">What it is divided by, or null.</param>
public sealed record YarnOptions(
    double Factor, double OriginalLength, double BetaFast, double BetaSlow, bool Truncate, double? AttentionFactor, double? MScale, double? MScaleAllDim);
