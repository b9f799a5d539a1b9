using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>From one width to another; what families do to a projection afterwards is a projection around it.</summary>
public interface IProjection
{
    /// <summary>[..., in] to [..., out].</summary>
    Tensor Forward(Tensor x);
}
