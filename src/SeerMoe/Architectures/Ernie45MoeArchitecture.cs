using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>ERNIE 4.5 MoE (Baidu): experts in a range of layers, shared experts, the correction bias as one row [1, E].</summary>
public sealed class Ernie45MoeArchitecture : IMoeArchitecture
{
    public string ModelType => "ernie4_5_moe";

    public string TransformersClass => "Ernie4_5_MoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["moe_num_experts", "num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["moe_k", "num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0), ("mlp.moe_statics.", 1)] };

    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this, IsMoe(config)) with { SharedExperts = config.Int("moe_num_shared_experts", 0) };

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost();

    public bool IsUnused(string tensorName) => tensorName.StartsWith("model.mtp_", StringComparison.Ordinal);

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var bias = config.Flag("use_bias", fallback: false);
        var model = Layout.Model(
            config,
            shape.Layers,
            (i, layer) =>
            [
                .. Layout.Norms(layer, attention.Hidden),
                .. Layout.Attention(layer, attention, bias ? AttentionBias.All : AttentionBias.None),
                .. shape.ExpertsOf(i) == 0 ? Layout.SwiGlu($"{layer}.mlp", attention.Hidden, config.Positive("intermediate_size"), bias) : Experts(layer, shape, i, config, bias),
            ],
            tied: true);
        return bias ? model.Append(new TensorShape("lm_head.bias", [config.Positive("vocab_size")])) : model;
    }

    private static IEnumerable<TensorShape> Experts(string layer, MoeShape shape, int i, HfConfig config, bool bias)
    {
        long hidden = config.Positive("hidden_size");
        long inner = config.Positive("moe_intermediate_size");
        return
        [
            new($"{layer}.mlp.gate.weight", [shape.ExpertsOf(i), hidden]),
            new($"{layer}.mlp.moe_statics.e_score_correction_bias", [1, shape.ExpertsOf(i)], Safetensors.DType.Float32),
            .. Layout.Each($"{layer}.mlp.experts", shape.ExpertsOf(i), expert => Layout.SwiGlu(expert, hidden, inner, bias)),
            .. shape.SharedExperts == 0 ? [] : Layout.SwiGlu($"{layer}.mlp.shared_experts", hidden, inner * shape.SharedExperts, bias),
        ];
    }

    /// <summary>From start to end, both included, every interval-th layer counted from 1; an end of -1 is the last layer.</summary>
    private static Func<int, bool> IsMoe(HfConfig config)
    {
        var start = config.Int("moe_layer_start_index", 1);
        var end = config.Int("moe_layer_end_index", -1) is var last and >= 0 ? last : config.Positive("num_hidden_layers") - 1;
        var interval = config.Positive("moe_layer_interval", 1);
        return layer => layer >= start && layer <= end && (layer + 1) % interval == 0;
    }
}
