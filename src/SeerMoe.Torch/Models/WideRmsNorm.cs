using SeerMoe.Torch.Kernels;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>RmsNorm that is rounded only after the weight (gpt-oss): the same in float32.</summary>
/// <param name="weight">[D]</param>
/// <param name="epsilon">Added to the mean square.</param>
public sealed class WideRmsNorm(Tensor weight, double epsilon) : INorm
{
    public Tensor Forward(Tensor x) => RmsNormKernel.Serve(x, weight)
        ? RmsNormed.Of(x, weight, epsilon, roundsFirst: false)
        : (weight.to_type(ScalarType.Float32) * RmsNorm.Scaled(x, epsilon)).to_type(x.dtype);
}
