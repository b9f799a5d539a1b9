using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>
/// Different numbers of experts in different layers. No family's config can say it, so config.json carries
/// <c>"seer": {"experts_per_layer": [6, 8, 4]}</c>, one number a MoE layer, and the family's own key the largest.
/// </summary>
public static class RaggedExperts
{
    /// <summary>Experts of each of the <paramref name="moeLayers"/> MoE layers.</summary>
    public static ImmutableArray<int> Of(HfConfig config, ImmutableArray<string> expertCountKeys, int moeLayers)
    {
        var largest = config.PositiveOf(expertCountKeys);
        if (config.Section("seer") is not { } seer || !seer.Has("experts_per_layer"))
        {
            return [.. Enumerable.Repeat(largest, moeLayers)];
        }

        var counts = seer.Integers("experts_per_layer");
        return counts.Length == moeLayers && counts.All(count => count > 0)
            ? counts
            : throw new InputException(
                $"seer.experts_per_layer is [{string.Join(", ", counts)}], the model has {moeLayers} layers with experts.",
                config.Path,
                "Give one number, 1 or more, for each layer that has experts.");
    }
}
