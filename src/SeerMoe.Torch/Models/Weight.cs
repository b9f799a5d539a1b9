using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>In which order a stored matrix has its dimensions.</summary>
public enum MatrixOrder
{
    /// <summary>[out, in], as nearly everywhere.</summary>
    OutIn,

    /// <summary>[in, out], as in the experts of gpt-oss.</summary>
    InOut,
}

/// <summary>A tensor of a checkpoint that training can change, frozen until then, or that low-rank matrices can stand beside.</summary>
public sealed class Weight(Tensor data, MatrixOrder order) : Parameter(data, requires_grad: false)
{
    public MatrixOrder Order { get; } = order;

    /// <summary>Null for none.</summary>
    public LowRank? Adapter { get; set; }
}

/// <summary>What a projection does with an adapter.</summary>
internal static class AdaptedWeight
{
    /// <summary>W x and what the adapter of W adds to it.</summary>
    /// <param name="weight">W</param>
    /// <param name="y">W x</param>
    /// <param name="x">[..., in]</param>
    /// <param name="expert">Which slice of W, where W holds all experts of a layer.</param>
    public static Tensor Adapt(this Tensor weight, Tensor y, Tensor x, int? expert = null) =>
        weight is Weight { Adapter: { } adapter } ? y + adapter.Of(x, expert).to_type(y.dtype) : y;
}
