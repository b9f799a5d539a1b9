using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Load balancing (Switch Transformer, arXiv 2101.03961, eq. 4, for top-K):
/// <c>E * sum over j of (share of slots routed to j * K) * (mean p_j)</c>, at least K, mean over layers.
/// We differ from the reference implementation of Mixtral, which averages over layers before multiplying, because that
/// lets an idle expert of one layer hide behind a busy one of another.
/// </summary>
public sealed class BalanceLoss : IRoutingObserver
{
    internal LayerMean Layers { get; } = new();

    public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var tokens = routing.Logits.shape[0];
        var share_E = tensor(dispatch.Counts, ScalarType.Float32, routing.Logits.device) / tokens;
        var loss = (dispatch.Counts.Length * (share_E * Distribution(routing).mean([0])).sum()).DetachFromDisposeScope();
        return () => Layers.Add(loss);
    }

    /// <summary>Scores that do not sum to 1 (sigmoid) are divided by their sum first (DeepSeek-V3, arXiv 2412.19437, eq. 19): all small would be balanced otherwise.</summary>
    private static Tensor Distribution(Routing routing) =>
        routing.Score.SumsToOne ? routing.Probabilities : routing.Probabilities / routing.Probabilities.sum(-1, keepdim: true);
}
