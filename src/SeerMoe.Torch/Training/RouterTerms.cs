using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>What a pass says of its routers: the two terms of the loss beside the task's.</summary>
internal sealed class RouterTerms : IRoutingObserver
{
    private readonly GateEntropy _entropy = new();
    private readonly BalanceLoss _balance = new();

    /// <summary>Router entropy of each MoE layer so far, nats.</summary>
    public IReadOnlyList<double> LayerEntropies => _entropy.Layers.Values;

    public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD) =>
        _entropy.Observe(layer, routing, dispatch, outputs_RD) + _balance.Observe(layer, routing, dispatch, outputs_RD);

    /// <summary>Means of a whole pass, which carry gradients; forgets the pass.</summary>
    public (Tensor Entropy, Tensor Balance) Take() => (_entropy.Layers.Take(), _balance.Layers.Take());

    /// <summary>What a single layer brings to the means of <paramref name="layers"/>; null where it has no experts.</summary>
    public (Tensor Entropy, Tensor Balance)? TakeShare(int layers) =>
        _entropy.Layers.TakeShare(layers) is { } entropy && _balance.Layers.TakeShare(layers) is { } balance ? (entropy, balance) : null;

    /// <summary>What there is of a pass that came to no end.</summary>
    public void Forget()
    {
        _entropy.Layers.Forget();
        _balance.Layers.Forget();
    }
}
