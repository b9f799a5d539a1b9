using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>The weights with which the outputs of chosen experts are summed.</summary>
public interface IGateRule
{
    /// <summary>Whether a single chosen expert gets a constant weight whatever its score, so that the task loss can't teach the router.</summary>
    bool IsConstantAtTop1 { get; }

    /// <summary>Logits and scores of the chosen experts, [T, K], to weights [T, K].</summary>
    Tensor Weigh(Tensor logits_TK, Tensor scores_TK, RoutingRule rule);
}

/// <summary>The scores themselves, times a constant: families that do not renormalise.</summary>
public sealed class ScoreGates(double factor = 1) : IGateRule
{
    public bool IsConstantAtTop1 => false;

    public Tensor Weigh(Tensor logits_TK, Tensor scores_TK, RoutingRule rule) => scores_TK * factor;
}

/// <summary>g_j = factor p_j / sum of p over the chosen.</summary>
/// <param name="factor">`routed_scaling_factor`, or 1.</param>
/// <param name="least">What the sum is at least, so that nothing is divided by zero.</param>
public sealed class RenormalisedGates(double factor = 1, double least = 0) : IGateRule
{
    public bool IsConstantAtTop1 => true;

    public Tensor Weigh(Tensor logits_TK, Tensor scores_TK, RoutingRule rule) =>
        GatesAtTop1.Of(scores_TK, rule, () => scores_TK / scores_TK.sum(-1, keepdim: true).clamp_min(least)) * factor;
}

/// <summary>Softmax over the logits of the chosen alone: the same as renormalised probabilities (gpt-oss, Granite).</summary>
public sealed class SoftmaxGates : IGateRule
{
    public bool IsConstantAtTop1 => true;

    public Tensor Weigh(Tensor logits_TK, Tensor scores_TK, RoutingRule rule) => GatesAtTop1.Of(scores_TK, rule, () => softmax(logits_TK, -1));
}

/// <summary>What replaces a weight that would be constant.</summary>
internal static class GatesAtTop1
{
    /// <param name="own">The family's own rule.</param>
    public static Tensor Of(Tensor scores_TK, RoutingRule rule, Func<Tensor> own) => (rule.TopK, rule.GateAtTop1) switch
    {
        (1, GateAtTop1.Probability) => scores_TK,
        (1, GateAtTop1.StraightThrough) => scores_TK / scores_TK.detach(),
        _ => own(),
    };
}
