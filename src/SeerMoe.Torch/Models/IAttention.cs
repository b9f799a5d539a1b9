using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Causal self-attention of a layer.</summary>
public interface IAttention
{
    /// <summary>[B, S, D] to [B, S, D].</summary>
    Tensor Forward(Tensor x_BSD, TokenBatch batch);
}
