using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Phi-3.5-MoE: LayerNorm, biases, LongRoPE, and the SparseMixer router.</summary>
public sealed class Phimoe : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly IRotaryFrequencies _frequencies;
    private readonly Rotary _rotary;
    private readonly SoftmaxMix _mix;
    private readonly double _jitter;

    public Phimoe(HfConfig config)
    {
        _shape = new PhimoeArchitecture().Shape(config);
        _attention = AttentionSize.Of(config);
        _frequencies = Frequencies(config, _attention.HeadDim);
        _rotary = new Rotary(_frequencies, new HalfLayout());
        _mix = new SoftmaxMix(config.PositiveOrNull("sliding_window"));
        _jitter = config.Number("router_jitter_noise", 0.01);
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-5);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    // A softmax over the experts within 2 epsilon of the best one: mostly that one alone, and exactly 1.
    public bool IsGateConstantAtTop1 => true;

    public int RotaryRange(int length) => _frequencies is LongRopeFrequencies longRope && longRope.IsLong(length) ? 1 : 0;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = at.PlainAttention(_attention.HeadDim, _rotary, _mix);
        var router = new SparseMixer(new RouterLogits(at.Take("block_sparse_moe.gate.weight")), _jitter);
        return new DecoderLayer(
            Norm(at, "input_layernorm"),
            attention,
            Norm(at, "post_attention_layernorm"),
            new MoeBlock(layer, router, at.NumberedExperts("block_sparse_moe.experts", _shape.ExpertsOf(layer))));
    }

    public ModelHead Head(LayerWeights weights) => new(Norm(weights.At("model"), "norm"), StandardEnds.Projection(weights));

    private LayerNorm Norm(NamedWeights at, string name) => new(at.Take($"{name}.weight"), at.Take($"{name}.bias"), Basics.Epsilon);

    /// <summary>LongRoPE with a scale of cosine and sine for each range; plain where the config has no scaling.</summary>
    private static IRotaryFrequencies Frequencies(HfConfig config, int headDim)
    {
        const double theta = 1e6;
        var section = RopeConfig.Section(config);
        if (RopeConfig.Type(section) != "longrope")
        {
            return RopeConfig.Frequencies(config, headDim, theta);
        }

        // Stated in both places by published checkpoints; transformers 5 keeps the one in the section.
        var original = config.PositiveOrNull("original_max_position_embeddings");
        return new LongRopeFrequencies(
            headDim,
            RopeConfig.Theta(config, theta),
            original is null ? section!.Positive("original_max_position_embeddings") : section!.Positive("original_max_position_embeddings", original.Value),
            (section.Numbers("short_factor"), section.Number("short_mscale", 1)),
            (section.Numbers("long_factor"), section.Number("long_mscale", 1)));
    }
}
