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
    public static PlannedModel OfConfig(HfConfig config)
    {
        var architecture = ArchitectureCatalog.For(config);
        return new PlannedModel(Path.GetDirectoryName(config.Path)!, architecture.ModelType, architecture.Shape(config), Footprint.Of(config), config.Int("max_position_embeddings", int.MaxValue), []) { ConfigAlone = config };
    }

    /// <exception cref="InputException">Not a checkpoint, or not a Mixture of Experts known here.</exception>
    public static PlannedModel Open(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        string[] described = [Path.GetFileName(checkpoint.Config.Path), ShardIndex.FileName];
        return new PlannedModel(
            folder,
            architecture.ModelType,
            architecture.Shape(checkpoint.Config),
            Footprint.Of(checkpoint),
            checkpoint.Config.Int("max_position_embeddings", int.MaxValue),
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
}
