using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// The weights while the last of K experts goes: <c>(1 - t) g(K) + t g(K - 1)</c>, so that nothing jumps at either end, whatever the
/// family's rule and whatever <see cref="GateAtTop1"/> says.
/// <code>
/// renormalised, K = 2, scores 0.6 and 0.2      t = 0: 0.75 0.25     t = 0.5: 0.875 0.125     t -> 1: 1 0
/// the same with the probability at top-1       t = 0: 0.75 0.25     t = 0.5: 0.675 0.125     t -> 1: 0.6 0
/// </code>
/// </summary>
internal static class FadingGates
{
    /// <param name="gates_TK">By the rule of K.</param>
    /// <param name="rule">Says t.</param>
    /// <param name="fewer">The weights [T, K - 1] of all but the last expert, by the rule of K - 1.</param>
    public static Tensor Of(Tensor gates_TK, RoutingRule rule, Func<RoutingRule, Tensor> fewer)
    {
        if (rule.Fade == 0)
        {
            return gates_TK;
        }

        var without = fewer(rule with { TopK = rule.TopK - 1, Fade = 0 });
        var gone_T1 = zeros([gates_TK.shape[0], 1], gates_TK.dtype, gates_TK.device);
        return ((1 - rule.Fade) * gates_TK) + (rule.Fade * cat([without, gone_T1], 1));
    }
}
