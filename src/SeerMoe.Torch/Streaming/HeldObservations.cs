using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>What an observer would have been told of a layer, kept until the layer is through: an attempt that runs out of memory is not counted.</summary>
/// <remarks>The tensors live in the dispose scope of the pass, unless <see cref="Detach"/> takes them out of it.</remarks>
internal sealed class HeldObservations : IRoutingObserver
{
    private readonly List<(int Layer, Routing Routing, Dispatch Dispatch, Tensor Outputs)> _held = [];
    private bool _isDetached;

    private IEnumerable<Tensor> Tensors => _held.SelectMany(one =>
        new[] { one.Routing.Logits, one.Routing.Probabilities, one.Routing.Chosen, one.Routing.Gates, one.Dispatch.Slots, one.Outputs }).Distinct();

    public void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD) => _held.Add((layer, routing, dispatch, outputs_RD));

    /// <summary>On the thread that computed, whose scope ends.</summary>
    public void Detach()
    {
        foreach (var tensor in Tensors)
        {
            tensor.DetachFromDisposeScope();
        }

        _isDetached = true;
    }

    /// <summary>On the thread that tells: to its dispose scope, unless they went with the one that computed.</summary>
    public void Attach()
    {
        if (!_isDetached)
        {
            return;
        }

        using var scope = NewDisposeScope();
        scope.Attach(Tensors);
        scope.MoveToOuter(Tensors);
    }

    public void Tell(IRoutingObserver observer) => _held.ForEach(one => observer.Observe(one.Layer, one.Routing, one.Dispatch, one.Outputs));
}
