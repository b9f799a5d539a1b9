using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Causal self-attention of a layer.</summary>
public interface IAttention
{
    /// <summary>[B, S, D] to [B, S, D].</summary>
    /// <param name="prefix">Keys and values of what stands before the batch, or to be kept of it; null for neither.</param>
    Tensor Forward(Tensor x_BSD, TokenBatch batch, KeyValues? prefix = null);
}
