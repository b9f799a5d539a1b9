using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// The regulariser of SEER-MoE: H, the entropy of the router distribution, minimised so that routers get sharper.
/// Reduction: mean over real tokens, then mean over MoE layers, survivors only (the paper does not state its own).
/// </summary>
public sealed class GateEntropy : IRoutingObserver
{
    private readonly List<Tensor> _layers = [];

    public void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD) =>
        _layers.Add(routing.Entropy().mean().DetachFromDisposeScope());

    /// <summary>H of the pass just made, a scalar that carries gradients; forgets the pass.</summary>
    public Tensor Take()
    {
        var mean = stack(_layers).mean();
        _layers.ForEach(entropy => entropy.Dispose());
        _layers.Clear();
        return mean;
    }
}
