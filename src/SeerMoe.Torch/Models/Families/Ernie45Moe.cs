using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>ERNIE 4.5 MoE: neighbouring dimensions turn together; softmax scores with a bias for the choice alone; shared experts.</summary>
public sealed class Ernie45Moe : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly RenormalisedGates _gates;

    public Ernie45Moe(HfConfig config)
    {
        _shape = new Ernie45MoeArchitecture().Shape(config);
        DenseLayers.Read(config);
        _attention = AttentionSize.Of(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 500000), new PairLayout());
        _gates = new RenormalisedGates(least: config.Number("moe_norm_min", 1e-12));
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-5);
        config.Require("moe_gate", "topk");
        config.Require("compression_ratio", 1);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = at.PlainAttention(_attention.HeadDim, _rotary, new SoftmaxMix());
        return at.PreNormLayer(Basics.Epsilon, attention, _shape.ExpertsOf(layer) == 0 ? new DenseBlock(at.SwiGlu("mlp")) : Experts(at, layer));
    }

    private IFeedForward Experts(NamedWeights at, int layer)
    {
        var selection = new BestBiasedScores(at.TakeWide("mlp.moe_statics.e_score_correction_bias"));
        var router = new Router(new RouterLogits(at.TakeWide("mlp.gate.weight")), Score, selection, _gates);
        var routed = new MoeBlock(layer, router, at.Experts("mlp.experts", _shape.ExpertsOf(layer)));
        return _shape.SharedExperts == 0 ? routed : new SharedExpertBlock(routed, at.SwiGlu("mlp.shared_experts"));
    }
}
