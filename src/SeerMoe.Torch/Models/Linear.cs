using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>W x + b.</summary>
/// <param name="weight">[out, in]</param>
/// <param name="bias">[out], or null for none.</param>
public sealed class Linear(Tensor weight, Tensor? bias = null) : IProjection
{
    public Tensor Forward(Tensor x) => weight.Adapt(linear(x, weight, bias), x);
}
