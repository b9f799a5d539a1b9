using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Inspection;

/// <summary>What a checkpoint is, read from its config and its headers alone, or from the config alone.</summary>
/// <param name="Family">`model_type`.</param>
/// <param name="Layers">Decoder layers, dense ones included.</param>
/// <param name="MoeLayers">Those with experts.</param>
/// <param name="Experts">Experts of each of them.</param>
/// <param name="SharedExperts">Experts that every token meets.</param>
/// <param name="TopK">Experts a token is sent to.</param>
/// <param name="DTypes">Element types of the weights, the most frequent first.</param>
/// <param name="Parameters">All weights.</param>
/// <param name="ActiveParameters">Weights that one token meets.</param>
/// <param name="ExpertParameters">Weights of routed experts.</param>
/// <param name="Bytes">Bytes of all tensors.</param>
/// <param name="Context">Tokens of the sequence that <paramref name="FlopsPerToken"/> is for.</param>
/// <param name="FlopsPerToken">Floating-point operations of a forward pass a token; a multiply and an add are two.</param>
/// <param name="ParametersRoutersUncut">
/// With experts to keep: the parameters if only experts went and routers kept their rows, as papers count; null otherwise.
/// </param>
public sealed record CheckpointSheet(
    string Family,
    int Layers,
    ImmutableArray<int> MoeLayers,
    ImmutableArray<int> Experts,
    int SharedExperts,
    int TopK,
    [property: JsonPropertyName("dtypes")] ImmutableArray<string> DTypes,
    long Parameters,
    long ActiveParameters,
    long ExpertParameters,
    long Bytes,
    int Context,
    long FlopsPerToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ParametersRoutersUncut)
{
    private const int UsualContext = 4096;

    [JsonPropertyOrder(-1)]
    public string Schema => "seer/checkpoint@1";

    /// <param name="keep">Counts as if so many experts a layer were kept; null for all.</param>
    /// <param name="context">Null for 4096, or the model's own limit where that is less.</param>
    public static CheckpointSheet Of(Checkpoint checkpoint, int? keep, int? context) =>
        Of(checkpoint.Config, checkpoint.Shards.SelectMany(shard => shard.File.Header.Tensors).Select(entry => entry.Spec), plan => Footprint.Of(checkpoint, plan), keep, context);

    /// <summary>The same with no weights at hand.</summary>
    public static CheckpointSheet Of(HfConfig config, int? keep, int? context) =>
        Of(config, WeightType.Tensors(config), plan => Footprint.Of(config, plan), keep, context);

    public static void Print(Terminal terminal, CheckpointSheet sheet) => terminal.Print((IReadOnlyList<(string, string)>)
    [
        ("family", sheet.Family),
        ("layers", sheet.Layers == sheet.MoeLayers.Length ? $"{sheet.Layers}" : $"{sheet.Layers}, with experts {string.Join(' ', sheet.MoeLayers)}"),
        ("experts", sheet.Experts.All(count => count == sheet.Experts[0]) ? $"{sheet.Experts[0]} a layer" : $"{string.Join(' ', sheet.Experts)} by layer (stock runtimes can't load this)"),
        ("shared experts", $"{sheet.SharedExperts}"),
        ("top-K", $"{sheet.TopK}"),
        ("dtype", string.Join(", ", sheet.DTypes)),
        ("parameters", $"{sheet.Parameters:N0}"),
        .. sheet.ParametersRoutersUncut is { } uncut ? [("  with router rows of all experts", $"{uncut:N0}")] : Array.Empty<(string, string)>(),
        ("active parameters", $"{sheet.ActiveParameters:N0}"),
        ("parameters in experts", $"{sheet.ExpertParameters:N0}"),
        ("bytes", $"{sheet.Bytes:N0}"),
        ("FLOPs a token", $"{sheet.FlopsPerToken:N0} (forward, mean over a sequence of {sheet.Context:N0} tokens)"),
    ]);

    private static CheckpointSheet Of(HfConfig config, IEnumerable<TensorSpec> tensors, Func<PrunePlan?, Footprint> footprintOf, int? keep, int? context)
    {
        var architecture = ArchitectureCatalog.For(config);
        var shape = architecture.Shape(config);
        var plan = keep is { } number ? KeepIn(shape, number) : null;
        var (whole, footprint) = (footprintOf(null), footprintOf(plan));
        var length = context ?? Math.Min(UsualContext, config.Positive("max_position_embeddings", UsualContext));
        var types = tensors.GroupBy(tensor => tensor.DType).OrderByDescending(group => group.Sum(tensor => tensor.ElementCount)).ThenBy(group => group.Key).Select(group => group.Key.Code());
        return new CheckpointSheet(
            architecture.ModelType,
            shape.Layers,
            shape.MoeLayers,
            plan is null ? shape.Experts : [.. plan.Layers.Select(layer => layer.Survivors.Length)],
            shape.SharedExperts,
            shape.TopK,
            [.. types],
            footprint.Parameters,
            footprint.ActiveParameters,
            footprint.ExpertParameters,
            footprint.Bytes,
            length,
            (long)Math.Round(footprint.Flops(length)),
            plan is null ? null : whole.Parameters - whole.ExpertParameters + footprint.ExpertParameters);
    }

    /// <summary>The first experts of each group: which ones makes no difference to a count.</summary>
    private static PrunePlan KeepIn(MoeShape shape, int keep)
    {
        if (keep > shape.Experts.Min())
        {
            throw new InputException($"{keep} experts can't be kept: a layer has {shape.Experts.Min()}.", "--keep", $"Keep {shape.Experts.Min()} or fewer.");
        }

        var plan = new PrunePlan(null, null, null, keep, null,
        [
            .. shape.MoeLayers.Select((layer, i) => new LayerPlan(
                layer,
                shape.Experts[i],
                [.. Enumerable.Range(0, shape.Experts[i]).OrderBy(expert => expert % (shape.Experts[i] / shape.Groups)).ThenBy(expert => expert).Take(keep).Order()],
                Scores: null)),
        ]);
        PruneChecks.RefuseUnfit(plan, shape, $"--keep {keep}");
        return plan;
    }
}
