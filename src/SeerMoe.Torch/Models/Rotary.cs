using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Rotary position embedding (Su et al., arXiv 2104.09864) of the first dimensions of a head; the others carry no position.</summary>
public sealed class Rotary(IRotaryFrequencies frequencies, IRotaryLayout layout)
{
    /// <summary>Cosine and sine of positions 0..length-1, each [S, r / 2] float32.</summary>
    public (Tensor Cos, Tensor Sin) Angles(long length, Device device)
    {
        using var scope = NewDisposeScope();
        var angles = outer(arange(length, ScalarType.Float32, device), frequencies.Radians(length, device));
        var scale = frequencies.Scale(length);
        return ((angles.cos() * scale).MoveToOuterDisposeScope(), (angles.sin() * scale).MoveToOuterDisposeScope());
    }

    /// <summary>Turns queries or keys [B, H, S, d].</summary>
    public Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        var turning = frequencies.Dimensions;
        var turned = layout.Turn(x.narrow(-1, 0, turning), cos.to_type(x.dtype), sin.to_type(x.dtype));
        return turning == x.shape[^1] ? turned : cat([turned, x.narrow(-1, turning, x.shape[^1] - turning)], -1);
    }
}
