using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>From one width to another; what families do to a projection afterwards is a projection around it.</summary>
public interface IProjection
{
    /// <summary>Whether each new number of rows costs something where oneDNN multiplies (see <see cref="KernelRows"/>).</summary>
    bool WantsFewShapes => true;

    /// <summary>[..., in] to [..., out].</summary>
    Tensor Forward(Tensor x);

    /// <summary>The same into rows that are there, where nobody learns.</summary>
    void Into(Tensor x, Tensor y) => y.copy_(Forward(x));
}
