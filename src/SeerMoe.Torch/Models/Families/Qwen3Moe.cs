using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Qwen3-MoE, in both spellings of its config: norms on each head of q and k, no biases, no shared expert.</summary>
public sealed class Qwen3Moe : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Func<int, int?> _windows;
    private readonly Rotary _rotary;
    private readonly IGateRule _gates;

    public Qwen3Moe(HfConfig config)
    {
        _shape = new Qwen3MoeArchitecture().Shape(config);
        DenseLayers.Read(config);
        _attention = AttentionSize.Of(config);
        _windows = SlidingWindows.OfQwen(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 1e4), new HalfLayout());
        _gates = NormTopK.Gates(config, fallback: false);
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-6);

        // What the family always does, and what it never has, some checkpoints say all the same.
        config.Require("use_qk_norm", known: true);
        config.Require("qkv_bias", known: false);
        config.Require("shared_expert_intermediate_size", 0);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = new Attention(
            new NormedProjection(at.Linear("self_attn.q_proj"), at.RmsNorm("self_attn.q_norm", Basics.Epsilon), _attention.HeadDim),
            new NormedProjection(at.Linear("self_attn.k_proj"), at.RmsNorm("self_attn.k_norm", Basics.Epsilon), _attention.HeadDim),
            at.Linear("self_attn.v_proj"),
            at.Linear("self_attn.o_proj"),
            _attention.HeadDim,
            _rotary,
            new SoftmaxMix(_windows(layer)));
        return at.PreNormLayer(Basics.Epsilon, attention, _shape.ExpertsOf(layer) == 0 ? new DenseBlock(at.SwiGlu("mlp")) : Experts(at, layer));
    }

    private MoeBlock Experts(NamedWeights at, int layer)
    {
        var router = new Router(new RouterLogits(at.Take("mlp.gate.weight")), Score, new BestScores(), _gates);
        return new MoeBlock(layer, router, at.Experts("mlp.experts", _shape.ExpertsOf(layer)));
    }
}
