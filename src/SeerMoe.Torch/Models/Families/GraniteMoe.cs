using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Granite 3 MoE: multipliers on embedding, attention scores, residuals and logits; all experts of a layer in one tensor.</summary>
public sealed class GraniteMoe : IModelFamily
{
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly double _queryScale;
    private readonly double _residual;
    private readonly double _embedding;
    private readonly double _logits;
    private readonly SoftmaxGates _gates = new();

    public GraniteMoe(HfConfig config)
    {
        var shape = new GraniteMoeArchitecture().Shape(config);
        _attention = AttentionSize.Of(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 1e4), new HalfLayout());

        // attention_multiplier stands in for d^-0.5, which the mix multiplies with: queries make up the difference.
        _queryScale = config.Number("attention_multiplier", 1) * Math.Sqrt(_attention.HeadDim);
        _residual = config.Number("residual_multiplier", 1);
        _embedding = config.Number("embedding_multiplier", 1);
        _logits = config.Number("logits_scaling", 1);
        Basics = ModelBasics.Of(config, shape, epsilon: 1e-6);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = new Attention(
            new ScaledProjection(at.Linear("self_attn.q_proj"), _queryScale),
            at.Linear("self_attn.k_proj"),
            at.Linear("self_attn.v_proj"),
            at.Linear("self_attn.o_proj"),
            _attention.HeadDim,
            _rotary,
            new SoftmaxMix());
        var router = new Router(new RouterLogits(at.Take("block_sparse_moe.router.layer.weight")), Score, new BestLogits(), _gates);
        var experts = new FusedSwiGlu(at.Take("block_sparse_moe.input_linear.weight"), at.Take("block_sparse_moe.output_linear.weight"));
        return at.PreNormLayer(Basics.Epsilon, new ScaledAttention(attention, _residual), new ScaledFeedForward(new MoeBlock(layer, router, experts), _residual));
    }

    public Embedding Embedding(LayerWeights weights) => new(weights.Take("model.embed_tokens.weight"), _embedding);

    public ModelHead Head(LayerWeights weights) =>
        new(weights.At("model").RmsNorm("norm", Basics.Epsilon), new ScaledHead(StandardEnds.Projection(weights), 1 / _logits));
}
