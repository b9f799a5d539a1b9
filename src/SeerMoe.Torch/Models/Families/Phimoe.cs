using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Phi-3.5-MoE: LayerNorm, biases, LongRoPE, and the SparseMixer router.</summary>
public sealed class Phimoe : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly SoftmaxMix _mix;
    private readonly double _jitter;

    public Phimoe(HfConfig config)
    {
        _shape = new PhimoeArchitecture().Shape(config);
        _attention = AttentionSize.Of(config);
        _rotary = new Rotary(Frequencies(config, _attention.HeadDim), new HalfLayout());
        _mix = new SoftmaxMix(config.PositiveOrNull("sliding_window"));
        _jitter = config.Number("router_jitter_noise", 0.01);
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-5);
        if (_shape.TopK > SparseMixer.MostExperts)
        {
            throw new InputException($"The router of a phimoe sends a token to {SparseMixer.MostExperts} experts at most, not {_shape.TopK}.", config.Path, "Correct num_experts_per_tok.");
        }
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    // A softmax over the experts near the best one, so never quite constant.
    public bool IsGateConstantAtTop1 => false;

    public DecoderLayer Layer(LayerWeights weights, int layer, IReadOnlyList<int>? survivors)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = at.PlainAttention(_attention.HeadDim, _rotary, _mix);
        var router = new SparseMixer(new RouterLogits(at.Take("block_sparse_moe.gate.weight"), survivors: survivors), _jitter);
        return new DecoderLayer(
            Norm(at, "input_layernorm"),
            attention,
            Norm(at, "post_attention_layernorm"),
            new MoeBlock(layer, router, at.NumberedExperts("block_sparse_moe.experts", _shape.ExpertsOf(layer))));
    }

    public ModelEnds Ends(LayerWeights weights)
    {
        var embedding = weights.Take("model.embed_tokens.weight");
        var head = weights.Expects("lm_head.weight") ? weights.Take("lm_head.weight") : embedding;
        var bias = weights.Expects("lm_head.bias") ? weights.Take("lm_head.bias") : null;
        return new ModelEnds(new Embedding(embedding), Norm(weights.At("model"), "norm"), new Linear(head, bias));
    }

    private LayerNorm Norm(NamedWeights at, string name) => new(at.Take($"{name}.weight"), at.Take($"{name}.bias"), Basics.Epsilon);

    /// <summary>LongRoPE with a scale of cosine and sine for each range; plain where the config has no scaling.</summary>
    private static IRotaryFrequencies Frequencies(HfConfig config, int headDim)
    {
        const double theta = 1e4;
        var section = RopeConfig.Section(config);
        if (RopeConfig.Type(section) != "longrope")
        {
            return RopeConfig.Frequencies(config, headDim, theta);
        }

        var original = config.PositiveOrNull("original_max_position_embeddings");
        return new LongRopeFrequencies(
            headDim,
            RopeConfig.Theta(config, theta),
            section!.PositiveOrNull("original_max_position_embeddings") ?? original ?? section.Positive("original_max_position_embeddings"),
            (section.Numbers("short_factor"), section.Number("short_mscale", 1)),
            (section.Numbers("long_factor"), section.Number("long_mscale", 1)));
    }
}
