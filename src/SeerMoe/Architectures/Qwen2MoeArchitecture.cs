using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Qwen1.5-MoE and Qwen2-MoE (Alibaba): some layers dense, a gated shared expert, biases on q, k and v.</summary>
public sealed class Qwen2MoeArchitecture : IMoeArchitecture
{
    public string ModelType => "qwen2_moe";

    public string TransformersClass => "Qwen2MoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_experts", "num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0)] };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this, SparseSteps.Of(config)) with { SharedExperts = 1 };

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost(SlidingWindows.OfQwen(config)(layer));

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var bias = config.Flag("qkv_bias", fallback: true) ? AttentionBias.QueryKeyValue : AttentionBias.None;
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention, bias),
            .. shape.ExpertsOf(i) == 0 ? Layout.SwiGlu($"{layer}.mlp", attention.Hidden, config.Positive("intermediate_size")) : Experts(layer, shape.ExpertsOf(i), config, attention.Hidden),
        ]);
    }

    private static IEnumerable<TensorShape> Experts(string layer, int experts, HfConfig config, long hidden) =>
    [
        new($"{layer}.mlp.gate.weight", [experts, hidden]),
        .. Layout.Each($"{layer}.mlp.experts", experts, expert => Layout.SwiGlu(expert, hidden, config.Positive("moe_intermediate_size"))),
        .. Layout.SwiGlu($"{layer}.mlp.shared_expert", hidden, config.Positive("shared_expert_intermediate_size")),
        new($"{layer}.mlp.shared_expert_gate.weight", [1, hidden]),
    ];
}
