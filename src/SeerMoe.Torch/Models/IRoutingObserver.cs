using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Sees every MoE layer of a forward pass: real tokens only, padding is already gone.</summary>
public interface IRoutingObserver
{
    /// <param name="layer">Index of the decoder layer.</param>
    /// <param name="routing">What the router decided for T tokens.</param>
    /// <param name="dispatch">The same, sorted by expert.</param>
    /// <param name="outputs_RD">[T K, D]: expert outputs before the combine weight, in the order of <see cref="Dispatch.Slots"/>.</param>
    /// <remarks>Tensors live until the layer is done; what is kept longer must be detached from the dispose scope.</remarks>
    void Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD);
}
