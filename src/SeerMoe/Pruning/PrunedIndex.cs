using System.Text.Json.Nodes;
using SeerMoe.Architectures;

namespace SeerMoe.Pruning;

/// <summary>model.safetensors.index.json after the cut: dropped tensors gone, kept ones renumbered in their old order, sizes corrected.</summary>
internal static class PrunedIndex
{
    public static string Text(string indexPath, IReadOnlyList<ShardCut> cuts, IMoeArchitecture architecture, Renumbering renumbering)
    {
        var index = JsonNode.Parse(File.ReadAllBytes(indexPath))!.AsObject();
        var map = new JsonObject();
        foreach (var (tensor, shard) in index["weight_map"]!.AsObject())
        {
            if (renumbering.NewName(tensor, architecture) is { } name)
            {
                map[name] = shard!.DeepClone();
            }
        }

        index["weight_map"] = map;
        if (index["metadata"] is not JsonObject metadata)
        {
            metadata = [];
            index["metadata"] = metadata;
        }

        metadata["total_size"] = cuts.Sum(cut => cut.ByteCount);

        // newer exports state the parameters too; tensors that share memory count once there, so what is dropped is taken off
        if (metadata["total_parameters"] is JsonValue parameters && parameters.TryGetValue<long>(out var before))
        {
            metadata["total_parameters"] = before - cuts.Sum(cut => cut.ElementsDropped);
        }

        return SeerJson.Text(index);
    }
}
