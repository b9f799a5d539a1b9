using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>
/// The router of Phi-3.5-MoE (SparseMixer-v2, arXiv 2409.12136), as it infers: one expert after the other, each weighed by a softmax
/// over those that come near it. The weights do not sum to 1.
/// <code>
/// m = max z;  drop j where (m - z_j) / max(|z_j|, m) > 2 epsilon;  g = softmax over the rest at the best;  then without the best, again
/// </code>
/// Where only the best comes near, its weight is exactly 1: at top-1 the trap of <see cref="GateAtTop1"/>.
/// We differ from the published training, which samples and corrects gradients: here training runs this same rule.
/// </summary>
/// <param name="epsilon">`router_jitter_noise`, which counts in inference too.</param>
public sealed class SparseMixer(RouterLogits logits, double epsilon) : IRouter
{
    private static readonly SoftmaxScore Softmax = new();

    public Routing Route(Tensor x_TD, RoutingRule rule)
    {
        var z_TE = logits.Of(x_TD, rule);
        var left_TE = z_TE;
        var chosen = new List<Tensor>();
        var gates = new List<Tensor>();
        for (var i = 0; i < rule.TopK; i++)
        {
            var (best_T1, expert_T1) = left_TE.max(-1, keepdim: true);
            var size_TE = z_TE.abs().maximum(best_T1);
            var far_TE = ((best_T1 - z_TE) / size_TE > 2 * epsilon).logical_or(z_TE.isinf());
            gates.Add(softmax(left_TE.masked_fill(far_TE, double.NegativeInfinity), -1).gather(1, expert_T1));
            chosen.Add(expert_T1);
            left_TE = left_TE.scatter(1, expert_T1, full_like(best_T1, double.NegativeInfinity));
        }

        var (p_TE, chosen_TK) = (Softmax.Of(z_TE), cat(chosen, 1));
        Tensor Weigh(RoutingRule of) => GatesAtTop1.Of(p_TE.gather(1, chosen_TK.narrow(1, 0, of.TopK)), of, () => cat(gates[..of.TopK], 1));

        return new Routing(z_TE, p_TE, chosen_TK, FadingGates.Of(Weigh(rule), rule, Weigh), Softmax);
    }
}
