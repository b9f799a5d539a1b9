using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>GLM-4.5 and 4.6 (Zhipu AI): grouped-query attention with DeepSeek-V3's experts.</summary>
public sealed class Glm4MoeArchitecture : IMoeArchitecture
{
    public string ModelType => "glm4_moe";

    public string TransformersClass => "Glm4MoeForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["n_routed_experts", "num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0)] };

    // The score of a group is the sum of its two best experts.
    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this, DeepSeekExperts.IsMoe(config)).InGroups(config, leastInGroup: 2) with
    {
        SharedExperts = DeepSeekExperts.Shared(config),
        NextTokenLayers = config.Int("num_nextn_predict_layers", 0),
    };

    public AttentionCost Attention(HfConfig config, int layer) => AttentionSize.Of(config).Cost();

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = AttentionSize.Of(config);
        var bias = config.Flag("attention_bias", fallback: false) ? AttentionBias.QueryKeyValue : AttentionBias.None;
        var hasNorms = config.Flag("use_qk_norm", fallback: false);
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. Layout.Attention(layer, attention, bias),
            .. hasNorms ? Layout.QueryKeyNorms(layer, attention.HeadDim, attention.HeadDim) : [],
            .. DeepSeekExperts.Tensors(layer, shape.ExpertsOf(i), config, correction: "e_score_correction_bias"),
        ]);
    }
}
