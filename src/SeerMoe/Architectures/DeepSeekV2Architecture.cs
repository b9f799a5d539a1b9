using System.Collections.Immutable;
using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>DeepSeek-V2 (arXiv 2405.04434), Lite too: latent attention, shared experts, first layers dense, experts in groups where `topk_method` says so.</summary>
public sealed class DeepSeekV2Architecture : IMoeArchitecture
{
    public string ModelType => "deepseek_v2";

    public string TransformersClass => "DeepseekV2ForCausalLM";

    public ImmutableArray<string> ExpertCountKeys => ["n_routed_experts"];

    public ImmutableArray<string> TopKKeys => ["num_experts_per_tok"];

    public ExpertNames Names { get; } = new() { Experts = "mlp.experts.", Routers = [("mlp.gate.", 0)] };

    public MoeShape Shape(HfConfig config)
    {
        var shape = MoeShape.Read(config, this, DeepSeekExperts.IsMoe(config)) with { SharedExperts = DeepSeekExperts.Shared(config) };
        return LimitsGroups(config) ? shape.InGroups(config, leastInGroup: 1) : shape;
    }

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
            .. DeepSeekExperts.Tensors(layer, shape.ExpertsOf(i), config, correction: null),
        ]);
    }

    /// <summary>Whether a token picks groups of experts before it picks experts.</summary>
    /// <exception cref="InputException">A method of choice that is not known.</exception>
    public static bool LimitsGroups(HfConfig config) => config.Text("topk_method", "greedy") switch
    {
        "greedy" => false,
        "group_limited_greedy" => true,
        var other => throw new InputException($"topk_method '{other}' is not DeepSeek-V2's.", config.Path, "Known for this family: greedy, group_limited_greedy."),
    };
}
