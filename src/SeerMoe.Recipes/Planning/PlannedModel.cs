using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Recipes.Planning;

/// <summary>The checkpoint that a run starts from, as far as its headers tell.</summary>
/// <param name="Folder">Full path.</param>
/// <param name="Architecture">`model_type`.</param>
/// <param name="Shape">Layers, experts, top-K.</param>
/// <param name="Footprint">Parameters and bytes.</param>
/// <param name="MaxPositions">Longest input that it was made for, tokens.</param>
/// <param name="Files">Names of the files that are read or carried along, ordinal.</param>
public sealed record PlannedModel(string Folder, string Architecture, MoeShape Shape, Footprint Footprint, int MaxPositions, ImmutableArray<string> Files)
{
    private HfConfig? ConfigAlone { get; init; }

    /// <summary>The same with no weights at hand: nothing can be run on it.</summary>
    public static PlannedModel OfConfig(HfConfig config) => Of(config, Path.GetDirectoryName(config.Path)!, Footprint.Of(config), []) with { ConfigAlone = config };

    /// <exception cref="InputException">Not a checkpoint, or not a Mixture of Experts known here.</exception>
    public static PlannedModel Open(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        string[] described = [Path.GetFileName(checkpoint.Config.Path), ShardIndex.FileName];
        return Of(
            checkpoint.Config,
            folder,
            Footprint.Of(checkpoint),
            [
                .. described.Concat(checkpoint.Shards.Select(shard => shard.FileName)).Concat(checkpoint.SideFiles)
                    .Where(name => File.Exists(Path.Combine(folder, name)))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]);
    }

    /// <summary>The tensors' bytes once a plan is cut.</summary>
    public long BytesAfter(Pruning.PrunePlan plan)
    {
        if (ConfigAlone is { } config)
        {
            return Footprint.Of(config, plan).Bytes;
        }

        using var checkpoint = Checkpoint.Open(Folder);
        return Footprint.Of(checkpoint, plan).Bytes;
    }

    private static PlannedModel Of(HfConfig config, string folder, Footprint footprint, ImmutableArray<string> files)
    {
        var architecture = ArchitectureCatalog.For(config);
        return new PlannedModel(folder, architecture.ModelType, architecture.Shape(config), footprint, config.Int("max_position_embeddings", int.MaxValue), files);
    }
}
