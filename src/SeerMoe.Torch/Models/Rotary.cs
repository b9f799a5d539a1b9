using SeerMoe.Torch.Kernels;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Rotary position embedding (Su et al., arXiv 2104.09864) of the first dimensions of a head; the others carry no position.</summary>
public sealed class Rotary(IRotaryFrequencies frequencies, IRotaryLayout layout)
{
    /// <summary>Cosine and sine of the positions of a batch, each [S, r / 2] float32.</summary>
    public (Tensor Cos, Tensor Sin) Angles(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        var device = batch.Ids.device;
        var positions = arange(batch.Start, batch.Start + batch.Length, ScalarType.Float32, device);
        var angles = outer(positions, frequencies.Radians(batch.WholeLength, device));
        var scale = frequencies.Scale(batch.WholeLength);
        return ((angles.cos() * scale).MoveToOuterDisposeScope(), (angles.sin() * scale).MoveToOuterDisposeScope());
    }

    /// <summary>Turns queries or keys [B, H, S, d].</summary>
    public Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        (cos, sin) = (cos.to_type(x.dtype), sin.to_type(x.dtype));
        if (layout is HalfLayout && RotaryKernel.Serve(x))
        {
            return RotaryTurn.Of(x, cos, sin);
        }

        var turning = frequencies.Dimensions;
        var turned = layout.Turn(x.narrow(-1, 0, turning), cos, sin);
        return turning == x.shape[^1] ? turned : cat([turned, x.narrow(-1, turning, x.shape[^1] - turning)], -1);
    }
}
