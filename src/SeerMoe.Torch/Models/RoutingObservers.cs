using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Several observers of one pass, told in order.</summary>
public sealed class RoutingObservers(params IReadOnlyList<IRoutingObserver> observers) : IRoutingObserver
{
    public void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        foreach (var observer in observers)
        {
            observer.Observe(layer, routing, dispatch, outputs_RD);
        }
    }
}
