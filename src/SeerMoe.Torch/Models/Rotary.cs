using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Rotary position embedding, "half" style: dimension i turns together with i + d/2
/// (Su et al., arXiv 2104.09864, in the layout of Hugging Face checkpoints).
/// </summary>
/// <param name="headDim">d, dimensions of a head.</param>
/// <param name="theta">Base of the frequencies theta^(-2i/d).</param>
public sealed class Rotary(int headDim, double theta)
{
    /// <summary>Angles of positions 0..length-1: cos and sin, each [S, d] float32.</summary>
    public (Tensor Cos, Tensor Sin) Angles(long length, Device device)
    {
        using var scope = NewDisposeScope();
        // float32 as the reference computes them: float64 angles would differ at long positions.
        var exponents = arange(0, headDim, 2, ScalarType.Float32, device) / headDim;
        var inverse = 1.0 / tensor((float)theta, ScalarType.Float32, device).pow(exponents);
        var angles = outer(arange(length, ScalarType.Float32, device), inverse);
        var both = cat([angles, angles], -1);
        return (both.cos().MoveToOuterDisposeScope(), both.sin().MoveToOuterDisposeScope());
    }

    /// <summary>Turns queries or keys [B, H, S, d].</summary>
    public static Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        var half = x.shape[^1] / 2;
        var turned = cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1);
        return (x * cos.to_type(x.dtype)) + (turned * sin.to_type(x.dtype));
    }
}
