using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>Mixtral (arXiv 2401.04088), in both spellings of its config.</summary>
public sealed class Mixtral : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly AttentionSize _attention;
    private readonly Rotary _rotary;
    private readonly SoftmaxMix _mix;
    private readonly RenormalisedGates _gates = new();

    public Mixtral(HfConfig config)
    {
        _shape = new MixtralArchitecture().Shape(config);
        _attention = AttentionSize.Of(config);
        _rotary = new Rotary(RopeConfig.Frequencies(config, _attention.HeadDim, theta: 1e6), new HalfLayout());
        _mix = new SoftmaxMix(config.PositiveOrNull("sliding_window"));
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-5);
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        var attention = at.PlainAttention(_attention.HeadDim, _rotary, _mix);
        var router = new Router(new RouterLogits(at.Take("block_sparse_moe.gate.weight")), Score, new BestScores(), _gates);
        var experts = at.NumberedExperts("block_sparse_moe.experts", _shape.ExpertsOf(layer));
        return at.PreNormLayer(Basics.Epsilon, attention, new MoeBlock(layer, router, experts));
    }
}
