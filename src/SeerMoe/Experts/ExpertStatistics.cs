using System.Collections.Immutable;

namespace SeerMoe.Experts;

/// <summary>What one calibration pass learned about every expert of a checkpoint.</summary>
/// <param name="Architecture">`model_type` of the checkpoint.</param>
/// <param name="Checkpoint">
/// Fingerprint of the checkpoint that was counted (see CheckpointDigest), so that statistics are never applied to another; empty where not known.
/// </param>
/// <param name="Tokens">Tokens counted, padding excluded.</param>
/// <param name="Sequences">Sequences they stood in.</param>
/// <param name="TopK">Experts a token was sent to.</param>
/// <param name="Layers">One entry a MoE layer, ascending; dense layers are absent.</param>
public sealed record ExpertStatistics(
    string Architecture,
    string Checkpoint,
    long Tokens,
    long Sequences,
    int TopK,
    ImmutableArray<LayerStatistics> Layers)
{
    /// <summary>Statistics of both texts together: merging is addition (maxima excepted).</summary>
    /// <exception cref="InputException">The other ones are of another checkpoint.</exception>
    public ExpertStatistics Add(ExpertStatistics other)
    {
        RefuseOther("family", Architecture, other.Architecture);
        RefuseOther("checkpoint", Checkpoint, other.Checkpoint);
        RefuseOther("top-K", TopK, other.TopK);
        RefuseOther("layers", Text(Layers.Select(layer => layer.Layer)), Text(other.Layers.Select(layer => layer.Layer)));
        RefuseOther("experts a layer", Text(Layers.Select(layer => layer.Experts)), Text(other.Layers.Select(layer => layer.Experts)));
        return this with
        {
            Tokens = Tokens + other.Tokens,
            Sequences = Sequences + other.Sequences,
            Layers = [.. Layers.Zip(other.Layers, Both)],
        };
    }

    /// <summary>What every count must obey, whatever the text: see each check. A failure is a fault of the counting, not of the user.</summary>
    /// <param name="softSum">What the soft counts of a layer sum to.</param>
    /// <exception cref="InvalidOperationException">One of them is broken; carries the numbers.</exception>
    public void AssertInvariants(SoftSum softSum = SoftSum.Tokens)
    {
        foreach (var layer in Layers)
        {
            if (layer.Tokens != Tokens)
            {
                throw Broken(layer, $"{layer.Tokens} tokens counted, {Tokens} in all");
            }

            // sum_j a_j = K |D|, in whole numbers
            var actual = layer.Actual.Sum();
            if (actual != (double)TopK * Tokens)
            {
                throw Broken(layer, $"actual counts sum to {actual}, top-{TopK} of {Tokens} tokens is {(double)TopK * Tokens}");
            }

            // sum_j s_j = |D|, up to the float32 rounding of each softmax
            var soft = layer.Soft.Sum();
            if (softSum == SoftSum.Tokens && !(Math.Abs(soft - Tokens) <= 1e-6 * Tokens))
            {
                throw Broken(layer, $"soft counts sum to {soft}, probabilities of {Tokens} tokens to {Tokens}");
            }
        }
    }

    private static LayerStatistics Both(LayerStatistics one, LayerStatistics other)
    {
        var both = new LayerStatistics(one.Layer, one.Experts);
        both.Absorb(one);
        both.Absorb(other);
        return both;
    }

    private static InvalidOperationException Broken(LayerStatistics layer, string numbers) =>
        new($"The statistics of layer {layer.Layer} contradict themselves: {numbers}.");

    private static void RefuseOther<T>(string what, T mine, T theirs)
    {
        if (!EqualityComparer<T>.Default.Equals(mine, theirs))
        {
            throw new InputException(
                $"Statistics of different checkpoints can't be added: {what} '{mine}' and '{theirs}'.",
                "statistics to merge",
                "Merge statistics that were counted on one checkpoint.");
        }
    }

    private static string Text(IEnumerable<int> numbers) => string.Join(' ', numbers);
}

/// <summary>What the soft counts of a layer sum to.</summary>
public enum SoftSum
{
    /// <summary>The number of tokens: the router is a softmax.</summary>
    Tokens,

    /// <summary>Anything: the router scores each expert by itself (sigmoid).</summary>
    Free,
}
