using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;

namespace SeerMoe.Architectures;

/// <summary>What a model costs, from the shapes of its tensors.</summary>
/// <param name="Parameters">All of them; scales of quantised weights are none.</param>
/// <param name="ActiveParameters">Those a token meets: everything but the experts it is not sent to, and layers for further tokens.</param>
/// <param name="Bytes">Of the tensors on disk.</param>
public sealed record Footprint(long Parameters, long ActiveParameters, long Bytes)
{
    private static readonly int[] UsualLengths = [1024, 8192, 32768];

    /// <summary>
    /// Floating-point operations of a forward pass a token, by the length of the sequence: 1,024, 8,192 and 32,768 tokens as far as the
    /// model was made for them, or else its own limit. A multiply and an add are two.
    /// </summary>
    public IReadOnlyDictionary<int, long>? FlopsPerToken { get; init; }

    /// <summary>Those of routed experts.</summary>
    [JsonIgnore]
    public long ExpertParameters { get; init; }

    /// <summary>Active parameters that a token is multiplied with: no embedding (a look-up), no norm, no bias; the head though.</summary>
    [JsonIgnore]
    public long MatmulParameters { get; init; }

    /// <summary>What attention computes beside its projections, layer by layer.</summary>
    [JsonIgnore]
    public ImmutableArray<AttentionCost> Attention { get; init; } = [];

    /// <param name="mask">Counts the checkpoint as if this plan were cut.</param>
    /// <exception cref="InputException">Experts stand where the config has none, or in an unknown layout.</exception>
    public static Footprint Of(Checkpoint checkpoint, PrunePlan? mask = null) =>
        Of(checkpoint.Config, checkpoint.Shards.SelectMany(shard => shard.File.Header.Tensors).Select(entry => entry.Spec), checkpoint.Folder, mask);

    /// <summary>The same from a config alone, with no weights at hand.</summary>
    public static Footprint Of(HfConfig config, PrunePlan? mask = null) => Of(config, WeightType.Tensors(config), config.Path, mask);

    /// <summary>Floating-point operations of a forward pass a token, mean over a sequence; a multiply and an add are two.</summary>
    /// <param name="length">Tokens of the sequence: attention costs more the longer it is.</param>
    public double Flops(long length) => (2.0 * MatmulParameters) + Attention.Sum(layer => layer.Flops(length));

    private static Footprint Of(HfConfig config, IEnumerable<TensorSpec> tensors, string where, PrunePlan? mask)
    {
        var architecture = ArchitectureCatalog.For(config);
        var shape = architecture.Shape(config);
        var survivors = mask?.Layers.ToDictionary(layer => layer.Layer, layer => layer.Survivors);
        long parameters = 0, active = 0, bytes = 0, experts = 0, matmul = 0, embedding = 0;
        var hasHead = false;
        foreach (var spec in tensors)
        {
            var role = architecture.RoleOf(spec.Name);
            var (kept, met, of) = architecture.IsUnused(spec.Name) ? (1, 0, 1) : Share(spec, role, shape, survivors, where);
            var count = PackedParameters.Of(spec) / of;
            parameters += count * kept;
            active += count * met;
            bytes += spec.ByteCount / of * kept;
            experts += role.Kind is TensorKind.Expert or TensorKind.FusedExperts ? count * kept : 0;
            matmul += spec.Shape.Length > 1 && !spec.Name.EndsWith("bias", StringComparison.Ordinal) ? count * met : 0;
            embedding += spec.Name == "model.embed_tokens.weight" ? count : 0;
            hasHead |= spec.Name == "lm_head.weight";
        }

        var footprint = new Footprint(parameters, active, bytes)
        {
            ExpertParameters = experts,
            MatmulParameters = matmul - (hasHead ? embedding : 0),
            Attention = [.. Enumerable.Range(0, shape.Layers).Select(layer => architecture.Attention(config, layer))],
        };
        return footprint with { FlopsPerToken = new SortedDictionary<int, long>(Lengths(config).ToDictionary(length => length, length => (long)Math.Round(footprint.Flops(length)))) };
    }

    private static IEnumerable<int> Lengths(HfConfig config)
    {
        var limit = config.Positive("max_position_embeddings", UsualLengths[^1]);
        return UsualLengths.Where(length => length <= limit).DefaultIfEmpty(limit);
    }

    /// <summary>How many of a tensor's slices are kept, how many of them a token meets, and how many slices there are.</summary>
    private static (int Kept, int Met, int Of) Share(
        TensorSpec spec, TensorRole role, MoeShape shape, Dictionary<int, ImmutableArray<int>>? survivors, string where)
    {
        if (shape.IsNextTokenLayer(role.Layer))
        {
            return (1, 0, 1);
        }

        if (role.Kind == TensorKind.Other)
        {
            return (1, 1, 1);
        }

        var experts = shape.ExpertsOf(role.Layer);
        if (experts == 0)
        {
            throw new InputException($"'{spec.Name}' stands in a layer that config.json gives no experts.", where, "config.json and weights do not belong together: download both again.");
        }

        ImmutableArray<int> kept = survivors is not null && survivors.TryGetValue(role.Layer, out var listed) ? listed : [.. Enumerable.Range(0, experts)];
        return role.Kind switch
        {
            // Experts of a layer have one size, so the K a token meets are the first K.
            TensorKind.Expert => (kept.Contains(role.Expert) ? 1 : 0, kept.IndexOf(role.Expert) is >= 0 and var index && index < shape.TopK ? 1 : 0, 1),
            TensorKind.FusedExperts => (kept.Length, shape.TopK, experts),
            TensorKind.Router => (kept.Length, kept.Length, experts),
            _ => throw UnknownLayout.Of(spec.Name, where),
        };
    }
}
