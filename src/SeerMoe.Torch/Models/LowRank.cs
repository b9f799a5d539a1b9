using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Low-rank matrices beside a frozen weight (LoRA, arXiv 2106.09685), float32 whatever the weight is computed in:
/// <code>
/// y = W x + scale B A dropout(x)            A [r, in] random, B [out, r] zero at first
/// merged: W + scale B A                     experts in one tensor: A [E, r, in], B [E, out, r], a pair for each expert
/// </code>
/// </summary>
/// <param name="a">[..., r, in]</param>
/// <param name="b">[..., out, r]</param>
/// <param name="scale">alpha / r</param>
/// <param name="dropout">Shared by all of a model.</param>
/// <param name="place">Another number for each weight.</param>
public sealed class LowRank(Parameter a, Parameter b, double scale, LowRankDropout dropout, int place) : IDisposable
{
    public Parameter A { get; } = a;

    public Parameter B { get; } = b;

    /// <summary>[..., in] to [..., out] float32.</summary>
    /// <param name="expert">Whose pair, where there is one for each.</param>
    public Tensor Of(Tensor x, int? expert)
    {
        var (down, up) = expert is { } e ? (A.select(0, e), B.select(0, e)) : (A, B);
        var dropped = dropout.Of(x.to_type(ScalarType.Float32), place, expert ?? 0);
        return linear(linear(dropped, down), up) * scale;
    }

    /// <summary>The weight with all this added to it, float32.</summary>
    public Tensor Merged(Weight weight)
    {
        using var scope = NewDisposeScope();
        using var noGraph = no_grad();
        var delta = B.matmul(A) * scale;
        return (weight.to_type(ScalarType.Float32) + (weight.Order == MatrixOrder.InOut ? delta.transpose(-1, -2) : delta)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
