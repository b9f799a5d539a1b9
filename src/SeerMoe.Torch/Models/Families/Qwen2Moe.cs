using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Qwen1.5-MoE and Qwen2-MoE: biases on q, k and v; a shared expert behind a gate of its own.</summary>
public sealed class Qwen2Moe : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Func<int, int?> _windows;
    private readonly Rotary _rotary;
    private readonly IGateRule _gates;

    public Qwen2Moe(HfConfig config)
    {
        _shape = new Qwen2MoeArchitecture().Shape(config);
        DenseLayers.Read(config);
        _attention = AttentionSize.Of(config);
        _windows = SlidingWindows.OfQwen(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 1e4), new HalfLayout());
        _gates = NormTopK.Gates(config, fallback: false);
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-6);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = at.PlainAttention(_attention.HeadDim, _rotary, new SoftmaxMix(_windows(layer)));
        return at.PreNormLayer(Basics.Epsilon, attention, _shape.ExpertsOf(layer) == 0 ? new DenseBlock(at.SwiGlu("mlp")) : Experts(at, layer));
    }

    private SharedExpertBlock Experts(NamedWeights at, int layer)
    {
        var router = new Router(new RouterLogits(at.Take("mlp.gate.weight")), Score, new BestScores(), _gates);
        var routed = new MoeBlock(layer, router, at.Experts("mlp.experts", _shape.ExpertsOf(layer)));
        return new SharedExpertBlock(routed, new GatedProjection(at.SwiGlu("mlp.shared_expert"), at.Linear("mlp.shared_expert_gate")));
    }
}
