using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>DeepSeek-V2 and V2-Lite (arXiv 2405.04434): latent attention, shared experts, a choice of groups where the config says so.</summary>
public sealed class DeepSeekV2 : IModelFamily
{
    private readonly MoeShape _shape;
    private readonly DeepSeekAttention _attention;
    private readonly IExpertSelection _selection;
    private readonly ScoreGates _gates;

    public DeepSeekV2(HfConfig config)
    {
        _shape = new DeepSeekV2Architecture().Shape(config);
        _attention = new DeepSeekAttention(config);
        _selection = DeepSeekV2Architecture.LimitsGroups(config) ? new BestOfGroups(_shape.Groups, _shape.GroupsChosen) : new BestScores();
        _gates = new ScoreGates(config.Number("routed_scaling_factor", 1));
        Basics = ModelBasics.Of(config, _shape, epsilon: 1e-6);
        config.Ignore("n_group", "topk_group"); // without the choice of groups they say nothing
        config.Require("norm_topk_prob", known: false); // on true the references disagree
        config.Require("scoring_func", "softmax");
    }

    public ModelBasics Basics { get; }

    public IRouterScore Score { get; } = new SoftmaxScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    public DecoderLayer Layer(LayerWeights weights, int layer)
    {
        var at = weights.At($"model.layers.{layer}");
        return at.PreNormLayer(Basics.Epsilon, _attention.Of(at), _shape.ExpertsOf(layer) == 0 ? new DenseBlock(at.SwiGlu("mlp")) : Experts(at, layer));
    }

    private IFeedForward Experts(NamedWeights at, int layer)
    {
        var router = new Router(new RouterLogits(at.TakeWide("mlp.gate.weight")), Score, _selection, _gates);
        var routed = new MoeBlock(layer, router, at.Experts("mlp.experts", _shape.ExpertsOf(layer)));
        return _shape.SharedExperts == 0 ? routed : new SharedExpertBlock(routed, at.SwiGlu("mlp.shared_experts"));
    }
}
