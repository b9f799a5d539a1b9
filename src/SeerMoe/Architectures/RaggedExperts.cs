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
    public static ImmutableArray<int> Of(HfConfig config, string expertCountKey, int moeLayers)
    {
        if (config.Section("seer") is not { } seer || !seer.Has("experts_per_layer"))
        {
            return [.. Enumerable.Repeat(config.Int(expertCountKey), moeLayers)];
        }

        var counts = seer.Integers("experts_per_layer");
        return counts.Length == moeLayers
            ? counts
            : throw new InputException(
                $"seer.experts_per_layer names {counts.Length} layers, the model has {moeLayers} with experts.",
                config.Path,
                "Give one number for each layer that has experts.");
    }
}
