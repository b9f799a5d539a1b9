using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>What an observer would have been told of a layer, kept until the layer is through: an attempt that runs out of memory is not counted.</summary>
/// <remarks>The tensors live until then anyway, in the dispose scope of the pass.</remarks>
internal sealed class HeldObservations : IRoutingObserver
{
    private readonly List<Action<IRoutingObserver>> _held = [];

    public void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD) => _held.Add(observer => observer.Observe(layer, routing, dispatch, outputs_RD));

    public void Tell(IRoutingObserver observer) => _held.ForEach(one => one(observer));
}
