using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>DeepSeek-V3 and R1 (arXiv 2412.19437): as V2, with a correction bias for the choice of experts, groups, and layers for further tokens behind the last.</summary>
public sealed class DeepSeekV3Architecture : IMoeArchitecture
{
    public string ModelType => "deepseek_v3";

    public string TransformersClass => "DeepseekV3ForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["n_routed_experts", "num_local_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0)] };

    // The score of a group is the sum of its two best experts.
    public MoeShape Shape(HfConfig config) => MoeShape.Read(config, this, DeepSeekExperts.IsMoe(config)).InGroups(config, leastInGroup: 2, groups: 8, chosen: 4) with
    {
        SharedExperts = DeepSeekExperts.Shared(config),
        NextTokenLayers = config.Int("num_nextn_predict_layers", 0),
    };

    public AttentionCost Attention(HfConfig config, int layer) => LatentAttentionSize.Of(config).Cost();

    public IEnumerable<TensorShape> Tensors(HfConfig config)
    {
        var shape = Shape(config);
        var attention = LatentAttentionSize.Of(config);
        var bias = config.Flag("attention_bias", fallback: false);
        return Layout.Model(config, shape.Layers, (i, layer) =>
        [
            .. Layout.Norms(layer, attention.Hidden),
            .. attention.Tensors(layer, bias),
            .. DeepSeekExperts.Tensors(layer, shape.ExpertsOf(i), config, correction: "e_score_correction_bias"),
        ]);
    }
}
