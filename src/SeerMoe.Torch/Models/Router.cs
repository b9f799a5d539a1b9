using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Softmax over all experts, the best K chosen, their weights divided by their sum (Mixtral, arXiv 2401.04088).
/// <code>
/// p = softmax(W x);  j in TopK(p);  g_j = p_j / sum of p over TopK
/// </code>
/// </summary>
/// <param name="weight">[E, D]</param>
/// <param name="survivors">Experts that may be chosen, or null for all; the others get logit minus infinity, which for
/// this rule equals removing their rows.</param>
public sealed class Router(Tensor weight, IReadOnlyList<int>? survivors = null)
{
    private readonly bool[]? _dropped = survivors is null
        ? null
        : [.. Enumerable.Range(0, (int)weight.shape[0]).Select(expert => !survivors.Contains(expert))];

    /// <summary>[T, D] to a decision for each of the T tokens.</summary>
    public Routing Route(Tensor x_TD, RoutingRule rule)
    {
        var logits = linear(x_TD, weight).to_type(ScalarType.Float32);
        if (_dropped is not null)
        {
            logits = logits.masked_fill(tensor(_dropped, device: logits.device), double.NegativeInfinity);
        }

        var probabilities = softmax(logits, -1);
        var (best, chosen) = probabilities.topk(rule.TopK, -1);
        return new Routing(logits, probabilities, chosen, Gates(best, rule));
    }

    private static Tensor Gates(Tensor best_TK, RoutingRule rule) => (rule.TopK, rule.GateAtTop1) switch
    {
        (1, GateAtTop1.Probability) => best_TK,
        (1, GateAtTop1.StraightThrough) => best_TK / best_TK.detach(),
        _ => best_TK / best_TK.sum(-1, keepdim: true),
    };
}
