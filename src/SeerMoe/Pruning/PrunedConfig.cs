using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Pruning;

/// <summary>config.json after the cut: the expert count and, where layers differ, <c>seer.experts_per_layer</c> and <c>auto_map</c>; every other byte as it was.</summary>
internal static class PrunedConfig
{
    private const string Section = "seer";
    private const string ExpertsPerLayer = "experts_per_layer";
    private const string AutoMap = "auto_map";

    /// <param name="config">Before the cut.</param>
    /// <param name="architecture">Its keys; of different counts the number of experts is the largest.</param>
    /// <param name="counts">Experts of each MoE layer after the cut.</param>
    public static string Text(HfConfig config, IMoeArchitecture architecture, ImmutableArray<int> counts)
    {
        List<(string Key, JsonNode Value)> changes = [.. architecture.ExpertCountKeys.Where(config.Has).Select(key => (key, (JsonNode)counts.Max()))];
        if (SeerSection(config, counts) is { } section)
        {
            changes.Add((Section, section));
        }

        if (!IsUniform(counts))
        {
            changes.Add((AutoMap, RaggedModel.AutoMap(architecture)));
        }
        else if (config.SectionNode(AutoMap) is { } map && map.Any(entry => RaggedModel.IsOurs(entry.Value?.ToString() ?? "")))
        {
            changes.Add((AutoMap, new JsonObject())); // the layers are equal again: stock classes load them
        }

        return config.Patched(changes);
    }

    /// <summary>The section with its other keys kept; null where there is none and none is needed.</summary>
    private static JsonObject? SeerSection(HfConfig config, ImmutableArray<int> counts)
    {
        var section = config.SectionNode(Section);
        if (IsUniform(counts))
        {
            section?.Remove(ExpertsPerLayer);
            return section;
        }

        section ??= [];
        section[ExpertsPerLayer] = new JsonArray([.. counts.Select(count => (JsonNode)count)]);
        return section;
    }

    /// <summary>Whether stock runtimes can load such counts: their configs know one number for all layers.</summary>
    public static bool IsUniform(ImmutableArray<int> counts) => counts.All(count => count == counts[0]);
}
