using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Costs;

/// <summary>The dimensions that memory depends on, read from a config alone.</summary>
/// <param name="Hidden">D.</param>
/// <param name="ExpertInner">F: a third of an expert's parameters over D, as of gate, up and down.</param>
/// <param name="Heads">H, query heads.</param>
/// <param name="Vocabulary">V.</param>
internal sealed record ModelSize(HfConfig Config, MoeShape Shape, Footprint Footprint, long Hidden, long ExpertInner, long Heads, long Vocabulary)
{
    public static ModelSize Of(HfConfig config)
    {
        var architecture = ArchitectureCatalog.For(config);
        var (shape, footprint) = (architecture.Shape(config), Footprint.Of(config));
        var embedding = WeightType.Tensors(config).First(tensor => tensor.Name == "model.embed_tokens.weight").Shape;
        return new ModelSize(
            config,
            shape,
            footprint,
            embedding[1],
            footprint.ExpertParameters / shape.Experts.Sum() / (3 * embedding[1]),
            footprint.Attention.Max(layer => layer.Heads),
            embedding[0]);
    }

    /// <summary>The same once a plan is cut.</summary>
    public Footprint After(PrunePlan? plan) => plan is null ? Footprint : Footprint.Of(Config, plan);

    /// <summary>Numbers that a training changes: with LoRA those of the low-rank matrices, rank x (inputs + outputs) each.</summary>
    public long Trained(TrainOptions options, PrunePlan? plan)
    {
        var kept = (double)(plan?.Layers.Sum(layer => layer.Survivors.Length) ?? Shape.Experts.Sum()) / Shape.Experts.Sum();
        return options.Tune switch
        {
            Tune.All => After(plan).Parameters,
            Tune.Experts => After(plan).ExpertParameters,
            Tune.Routers => (long)(kept * Sum(tensor => Kind(tensor) == TensorKind.Router ? tensor.ElementCount : 0)),
            _ => Lora(options.Lora ?? new LoraOptions(), kept),
        };
    }

    private long Lora(LoraOptions lora, double kept) => Sum(tensor =>
    {
        var shape = tensor.Shape;
        return shape.Length < 2 ? 0
            : Kind(tensor) switch
            {
                TensorKind.Expert when lora.Targets.HasFlag(LoraTargets.Experts) => (long)(kept * lora.Rank * (shape[0] + shape[1])),
                TensorKind.FusedExperts when lora.Targets.HasFlag(LoraTargets.Experts) => (long)(kept * shape[0] * lora.Rank * (shape[1] + shape[^1])),
                TensorKind.Router when lora.Targets.HasFlag(LoraTargets.Routers) => (long)(lora.Rank * (shape[1] + (kept * shape[0]))),
                TensorKind.Other when tensor.Name.Contains("self_attn", StringComparison.Ordinal) => lora.Targets.HasFlag(LoraTargets.Attention) ? lora.Rank * (shape[0] + shape[1]) : 0,
                TensorKind.Other when tensor.Name.Contains("mlp", StringComparison.Ordinal) => lora.Targets.HasFlag(LoraTargets.Dense) ? lora.Rank * (shape[0] + shape[1]) : 0,
                _ => 0,
            };
    });

    private TensorKind Kind(TensorSpec tensor) => ArchitectureCatalog.For(Config).RoleOf(tensor.Name).Kind;

    private long Sum(Func<TensorSpec, long> of) => WeightType.Tensors(Config).Sum(of);
}
