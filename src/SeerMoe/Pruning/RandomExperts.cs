using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>The control that belongs beside every result: experts drawn by seed, whatever the statistics say.</summary>
/// <remarks>
/// A score is a hash of (seed, layer, expert), not the next number of one generator: it needs no state, is the same on every
/// machine, and does not change with the ratio, so that plans of one seed are nested.
/// </remarks>
public sealed class RandomExperts(long seed) : ICriterion
{
    public string Name => "random";

    // uniform in [0, 1), independent of D
    public double[] Scores(LayerStatistics layer) =>
        [.. Enumerable.Range(0, layer.Experts).Select(expert => new SplitMix64(seed, layer.Layer, expert).NextDouble())];
}
