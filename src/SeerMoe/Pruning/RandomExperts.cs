using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>The control that belongs beside every result: experts drawn by seed, whatever the statistics say.</summary>
/// <remarks>
/// A score is a hash of (seed, layer, expert), not the next number of a generator: it needs no state, is the same on every
/// machine, and does not change with the ratio, so that plans of one seed are nested.
/// </remarks>
public sealed class RandomExperts(long seed) : ICriterion
{
    public string Name => "random";

    public double[] Scores(LayerStatistics layer)
    {
        var ofLayer = Mix(Mix(unchecked((ulong)seed)) ^ (ulong)layer.Layer);
        return [.. Enumerable.Range(0, layer.Experts).Select(expert => Uniform(Mix(ofLayer ^ (ulong)expert)))];
    }

    // SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): one step and its finaliser
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>The upper 53 bits as a double in [0, 1).</summary>
    private static double Uniform(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
