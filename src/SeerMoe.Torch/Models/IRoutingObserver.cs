using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Sees every MoE layer of a forward pass: real tokens only, padding is already gone.</summary>
public interface IRoutingObserver
{
    /// <summary>
    /// Computes where the layer is computed, of a batch or of a part of one while other threads do others; so it changes nothing yet.
    /// </summary>
    /// <param name="layer">Index of the decoder layer.</param>
    /// <param name="routing">What the router decided for T tokens.</param>
    /// <param name="dispatch">The same, sorted by expert.</param>
    /// <param name="outputs_RD">[T K, D]: expert outputs before the combine weight, each where <see cref="Dispatch.Places"/> says.</param>
    /// <returns>Adds what was computed. Called where the pass was started, batch by batch and part by part, once the layer is through; never for an attempt that failed.</returns>
    /// <remarks>Tensors live until the layer has computed the batch, or the part; what the addition or anybody later needs of them is a number, or detached from the dispose scope.</remarks>
    Action Observe(int layer, Routing routing, Dispatch dispatch, Tensor outputs_RD);
}
