using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>What an observer found in a layer, or in a part of a batch in it, and has not added yet: an attempt that runs out of memory is not counted.</summary>
public sealed class Observations(IRoutingObserver observer)
{
    private readonly List<Action> _additions = [];

    /// <summary>See <see cref="IRoutingObserver.Observe"/>.</summary>
    public void Find(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD) => _additions.Add(observer.Observe(layer, routing, dispatch, outputs_RD));

    /// <summary>Adds what was found: the layer is through.</summary>
    public void Add() => _additions.ForEach(add => add());
}
