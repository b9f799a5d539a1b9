using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Load balancing for training from scratch (Switch Transformer, arXiv 2101.03961, eq. 4, for top-K):
/// <c>E * sum over j of (share of slots routed to j * K) * (mean p_j)</c>, at least K, mean over layers.
/// We differ from the reference implementation of Mixtral, which averages over layers before multiplying, because that
/// lets an idle expert of one layer hide behind a busy one of another.
/// </summary>
public sealed class BalanceLoss : IRoutingObserver
{
    private readonly List<Tensor> _layers = [];

    public void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var tokens = routing.Logits.shape[0];
        var share_E = tensor(dispatch.Counts, ScalarType.Float32, routing.Logits.device) / tokens;
        _layers.Add((dispatch.Counts.Length * (share_E * Distribution(routing).mean([0])).sum()).DetachFromDisposeScope());
    }

    /// <summary>Scores that do not sum to 1 (sigmoid) are divided by their sum first (DeepSeek-V3, arXiv 2412.19437, eq. 19): all small would be balanced otherwise.</summary>
    private static Tensor Distribution(Routing routing) =>
        routing.Score.SumsToOne ? routing.Probabilities : routing.Probabilities / routing.Probabilities.sum(-1, keepdim: true);

    /// <summary>The loss of the pass just made, a scalar that carries gradients; forgets the pass.</summary>
    public Tensor Take()
    {
        var mean = stack(_layers).mean();
        _layers.ForEach(loss => loss.Dispose());
        _layers.Clear();
        return mean;
    }
}
