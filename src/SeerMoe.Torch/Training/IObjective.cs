using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>The task loss of a batch.</summary>
public interface IObjective
{
    /// <param name="model">Its head turns hidden states into logits.</param>
    /// <param name="hidden_BSD">The input of the head.</param>
    /// <param name="batch">The tokens.</param>
    /// <returns>A scalar that carries gradients: nats, mean over predictions.</returns>
    Tensor Of(MoeTransformer model, Tensor hidden_BSD, TokenBatch batch);
}
