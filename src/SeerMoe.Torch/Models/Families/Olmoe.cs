using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>OLMoE (arXiv 2409.02060): q and k normalised as a whole, then q, k and v clamped where `clip_qkv` says so.</summary>
public sealed class Olmoe : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly double? _clip;
    private readonly IGateRule _gates;

    public Olmoe(HfConfig config)
    {
        _shape = new OlmoeArchitecture().Shape(config);
        _attention = AttentionSize.Of(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 1e4), new HalfLayout());
        _clip = config.Has("clip_qkv") ? config.Number("clip_qkv") : null;
        _gates = NormTopK.Gates(config, fallback: false);
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-5);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = new Attention(
            Clipped(new NormedProjection(at.Linear("self_attn.q_proj"), at.RmsNorm("self_attn.q_norm", Basics.Epsilon), _attention.Heads * _attention.HeadDim)),
            Clipped(new NormedProjection(at.Linear("self_attn.k_proj"), at.RmsNorm("self_attn.k_norm", Basics.Epsilon), _attention.KeyValueHeads * _attention.HeadDim)),
            Clipped(at.Linear("self_attn.v_proj")),
            at.Linear("self_attn.o_proj"),
            _attention.HeadDim,
            _rotary,
            new SoftmaxMix());
        var router = new Router(new RouterLogits(at.Take("mlp.gate.weight")), Score, new BestScores(), _gates);
        return at.PreNormLayer(Basics.Epsilon, attention, new MoeBlock(layer, router, at.Experts("mlp.experts", _shape.ExpertsOf(layer))));
    }

    private IProjection Clipped(IProjection projection) => _clip is { } limit ? new ClampedProjection(projection, limit) : projection;
}
