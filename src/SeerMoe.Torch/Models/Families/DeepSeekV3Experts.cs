using SeerMoe.Architectures;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>The experts of DeepSeek-V3 (arXiv 2412.19437), which GLM-4.5 has too: sigmoid scores, a bias for the choice alone, groups, shared experts.</summary>
internal sealed class DeepSeekV3Experts
{
    private readonly MoeShape _shape;
    private readonly IGateRule _gates;

    /// <param name="config">Its keys.</param>
    /// <param name="shape">Layers, experts, groups.</param>
    /// <param name="scaling">`routed_scaling_factor` where the config does not say: families differ.</param>
    public DeepSeekV3Experts(HfConfig config, MoeShape shape, double scaling)
    {
        _shape = shape;
        var factor = config.Number("routed_scaling_factor", scaling);
        _gates = config.Flag("norm_topk_prob", fallback: true) ? new RenormalisedGates(factor, least: 1e-20) : new ScoreGates(factor);
        config.Require("scoring_func", "sigmoid");
        config.Require("topk_method", "noaux_tc");
    }

    public IRouterScore Score { get; } = new SigmoidScore();

    public bool IsGateConstantAtTop1 => _gates.IsConstantAtTop1;

    /// <summary>`mlp` of a layer: dense, or router, experts and shared experts.</summary>
    public IFeedForward Of(NamedWeights at, int layer)
    {
        if (_shape.ExpertsOf(layer) == 0)
        {
            return new DenseBlock(at.SwiGlu("mlp"));
        }

        var bias = at.TakeWide("mlp.gate.e_score_correction_bias");
        IExpertSelection selection = _shape.Groups == 1 ? new BestBiasedScores(bias) : new BestBiasedOfGroups(bias, _shape.Groups, _shape.GroupsChosen);
        var router = new Router(new RouterLogits(at.TakeWide("mlp.gate.weight")), Score, selection, _gates);
        var routed = new MoeBlock(layer, router, at.Experts("mlp.experts", _shape.ExpertsOf(layer)));
        return _shape.SharedExperts == 0 ? routed : new SharedExpertBlock(routed, at.SwiGlu("mlp.shared_experts"));
    }
}
