using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Normalises the last dimension.</summary>
public interface INorm
{
    /// <summary>[..., D] to the same shape.</summary>
    Tensor Forward(Tensor x);
}
