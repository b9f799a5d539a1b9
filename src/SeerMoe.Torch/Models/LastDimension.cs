using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>The binding's own unflatten counts dimensions from the front only.</summary>
internal static class LastDimension
{
    /// <summary>[..., n size] to [..., n, size].</summary>
    public static Tensor Split(this Tensor x, long size) => x.reshape([.. x.shape.AsSpan(0, x.shape.Length - 1), x.shape[^1] / size, size]);
}
