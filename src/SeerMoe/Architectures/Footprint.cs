using SeerMoe.Checkpoints;
using SeerMoe.Pruning;

namespace SeerMoe.Architectures;

/// <summary>What a model costs, from the shapes of its tensors.</summary>
/// <param name="Parameters">All of them.</param>
/// <param name="ActiveParameters">Those a token meets: everything but the experts it is not sent to.</param>
/// <param name="Bytes">Of the tensors on disk.</param>
public sealed record Footprint(long Parameters, long ActiveParameters, long Bytes)
{
    /// <param name="mask">Counts the checkpoint as if this plan were cut.</param>
    public static Footprint Of(Checkpoint checkpoint, PrunePlan? mask = null)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        var shape = architecture.Shape(checkpoint.Config);
        var survivors = mask?.Layers.ToDictionary(layer => layer.Layer, layer => layer.Survivors);
        long parameters = 0;
        long active = 0;
        long bytes = 0;
        foreach (var spec in checkpoint.Shards.SelectMany(shard => shard.File.Header.Tensors).Select(entry => entry.Spec))
        {
            var role = architecture.RoleOf(spec.Name);
            var experts = shape.ExpertsOf(role.Layer);
            if (role.Kind != TensorKind.Other && experts == 0)
            {
                throw new InputException($"'{spec.Name}' stands in a layer that config.json gives no experts.", checkpoint.Folder, "config.json and weights do not belong together: download both again.");
            }

            var kept = survivors is not null && survivors.TryGetValue(role.Layer, out var listed) ? listed : [.. Enumerable.Range(0, experts)];
            var (count, size) = role.Kind switch
            {
                TensorKind.Expert when !kept.Contains(role.Expert) => (0, 0),
                TensorKind.Router => (spec.ElementCount / experts * kept.Length, spec.ByteCount / experts * kept.Length),
                _ => (spec.ElementCount, spec.ByteCount),
            };
            parameters += count;
            bytes += size;

            // Experts of a layer have one size, so the K a token meets are the first K.
            active += role.Kind != TensorKind.Expert || kept.IndexOf(role.Expert) < shape.TopK ? count : 0;
        }

        return new Footprint(parameters, active, bytes);
    }
}
