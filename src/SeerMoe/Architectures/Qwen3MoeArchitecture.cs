using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Qwen3-MoE (Alibaba): some layers dense, no shared expert, norms on the heads of q and k. transformers 5 renames the number of experts.</summary>
public sealed class Qwen3MoeArchitecture : IMoeArchitecture
{
    public string ModelType => "qwen3_moe";

    public string TransformersClass => "Qwen3MoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_experts", "num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0)] };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this, SparseSteps.Of(config));

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost(SlidingWindows.OfQwen(config)(layer));

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var bias = config.Flag("attention_bias", fallback: false) ? AttentionBias.All : AttentionBias.None;
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention, bias),
            .. Layout.QueryKeyNorms(layer, attention.HeadDim, attention.HeadDim),
            .. shape.ExpertsOf(i) == 0 ? Layout.SwiGlu($"{layer}.mlp", attention.Hidden, config.Positive("intermediate_size")) : Experts(layer, shape.ExpertsOf(i), config, attention.Hidden),
        ]);
    }

    private static IEnumerable<TensorShape> Experts(string layer, int experts, HfConfig config, long hidden) =>
    [
        new($"{layer}.mlp.gate.weight", [experts, hidden]),
        .. Layout.Each($"{layer}.mlp.experts", experts, expert => Layout.SwiGlu(expert, hidden, config.Positive("moe_intermediate_size"))),
    ];
}
