using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Parity;

/// <summary>Keeps what every router decided in a pass.</summary>
internal sealed class RoutingRecord : IRoutingObserver
{
    public Dictionary<int, Routing> Layers { get; } = [];

    public Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD)
    {
        var kept = new Routing(Kept(routing.Logits), Kept(routing.Probabilities), Kept(routing.Chosen), Kept(routing.Gates), routing.Score);
        return () => Layers[layer] = kept;
    }

    private static Tensor Kept(Tensor tensor) => tensor.clone().DetachFromDisposeScope();
}
