using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>A tensor of one element as a number.</summary>
internal static class Scalar
{
    public static double Number(this Tensor scalar)
    {
        using var scope = NewDisposeScope();
        return scalar.detach().to_type(ScalarType.Float64).cpu().item<double>();
    }
}
