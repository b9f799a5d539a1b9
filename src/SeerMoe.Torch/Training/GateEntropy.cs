using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// The regulariser of SEER-MoE: H, the entropy of the router distribution, minimised so that routers get sharper.
/// Reduction: mean over real tokens, then mean over MoE layers, survivors only (the paper does not state its own).
/// Scores that do not sum to 1 (sigmoid) are divided by their sum first.
/// </summary>
public sealed class GateEntropy : IRoutingObserver
{
    internal LayerMean Layers { get; } = new();

    public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var mean = routing.Entropy().mean().DetachFromDisposeScope();
        return () => Layers.Add(mean);
    }
}
