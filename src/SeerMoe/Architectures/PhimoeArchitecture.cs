using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>Phi-3.5-MoE (Microsoft): Mixtral's names, LayerNorm with bias, biases on attention and head.</summary>
public sealed class PhimoeArchitecture : IMoeArchitecture
{
    public string ModelType => "phimoe";

    public string TransformersClass => "PhimoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "block_sparse_moe.experts.", Routers = [("block_sparse_moe.gate.", 0)] };

    // SparseMixer picks one expert, then one more.
    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this) with { TopKLimit = 2 };

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost(config.PositiveOrNull("sliding_window"));

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var bias = config.Flag("attention_bias", fallback: false) ? AttentionBias.All : AttentionBias.None;
        var inner = config.Positive("intermediate_size");
        return
        [
            .. Layout.Model(config, shape.Layers, (i, layer) =>
            [
                .. Layout.Norms(layer, attention.Hidden),
                new($"{layer}.input_layernorm.bias", [attention.Hidden]),
                new($"{layer}.post_attention_layernorm.bias", [attention.Hidden]),
                .. Layout.Attention(layer, attention, bias),
                new($"{layer}.block_sparse_moe.gate.weight", [shape.ExpertsOf(i), attention.Hidden]),
                .. Layout.Each($"{layer}.block_sparse_moe.experts", shape.ExpertsOf(i), expert => Layout.NumberedSwiGlu(expert, attention.Hidden, inner)),
            ]),
            new("model.norm.bias", [attention.Hidden]),
            .. config.Flag("lm_head_bias", fallback: false) ? [new TensorShape("lm_head.bias", [config.Positive("vocab_size")])] : Array.Empty<TensorShape>(),
        ];
    }
}
