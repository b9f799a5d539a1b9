using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Sends tokens to experts.</summary>
public interface IRouter
{
    /// <summary>[T, D] to a decision for each of the T tokens.</summary>
    Routing Route(Tensor x_TD, RoutingRule rule);
}

/// <summary>
/// Logits, scores, a choice, weights: four parts that families combine.
/// <code>
/// z = W x;   p = score(z);   j in choice(p);   g_j = gate(p_j)
/// </code>
/// </summary>
public sealed class Router(RouterLogits logits, IRouterScore score, IExpertSelection selection, IGateRule gates) : IRouter
{
    public Routing Route(Tensor x_TD, RoutingRule rule)
    {
        var z_TE = logits.Of(x_TD, rule);
        var p_TE = score.Of(z_TE);
        var chosen_TK = selection.Choose(z_TE, p_TE, rule.TopK);
        var (z_TK, p_TK) = (z_TE.gather(1, chosen_TK), p_TE.gather(1, chosen_TK));
        var gates_TK = FadingGates.Of(gates.Weigh(z_TK, p_TK, rule), rule, fewer => gates.Weigh(z_TK.narrow(1, 0, fewer.TopK), p_TK.narrow(1, 0, fewer.TopK), fewer));
        return new Routing(z_TE, p_TE, chosen_TK, gates_TK, score);
    }
}
