using SeerMoe.Torch.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A matrix that is only multiplied by, in the order in which it is read: a plain one is brought into such an order in every product, which takes the longer the
/// fewer rows it is for. What follows a product (silu, a factor) is done while its numbers are at hand.
/// <code>
/// one thread, GFLOP/s                    an expert, three products of 512 and 1024
/// rows                                   64    128   256   512
///   float32    plain                     121   146   165   168
///              oneDNN's                  150   162   165   170
///              in panels                 174   185   190   190
///   bfloat16   plain                     238   288   324   319
///              in panels                 335   375   385   386
///              oneDNN's                  316   339   361   349
/// </code>
/// </summary>
/// <remarks>There is no gradient, and the numbers can't be read: training keeps plain matrices.</remarks>
public abstract class PackedMatrix : IDisposable
{
    /// <summary>Elements of the smallest matrix that is worth it: below, calls cost more than the order does.</summary>
    public const long Worthwhile = 1 << 17;

    /// <summary>Whether each new number of rows costs something (see <see cref="Models.KernelRows"/>).</summary>
    public abstract bool WantsFewShapes { get; }

    /// <summary>Whether there can be one of such numbers there.</summary>
    public static bool Serve(ScalarType type, Device device) => CanBePanels(type, device, inputs: 2) || OneDnnMatrix.CanHold(type, device);

    /// <summary>A packed copy of [out, in]; null where there can't be one.</summary>
    public static PackedMatrix? Of(Tensor weight)
    {
        var (type, device) = (weight.dtype, weight.device);
        if (CanBePanels(type, device, weight.shape[1]))
        {
            return type == ScalarType.Float32 ? new PanelMatrix<float, Float32Format, Float32Tile>(weight) : new PanelMatrix<ushort, BFloat16Format, BFloat16Tile>(weight);
        }

        return OneDnnMatrix.CanHold(type, device) ? OneDnnMatrix.Like(weight) : null;
    }

    /// <summary>W x + b: [..., in] to [..., out].</summary>
    /// <param name="bias">[out], or null for none.</param>
    public abstract Tensor Of(Tensor x, Tensor? bias);

    /// <summary>The same into rows that are there.</summary>
    /// <param name="y">[..., out], contiguous.</param>
    public abstract void Into(Tensor x, Tensor? bias, Tensor y);

    /// <summary>silu(W x + b) * (U x + c).</summary>
    /// <param name="bias">b, or null for none.</param>
    /// <param name="up">U, of the shape and type of this one.</param>
    /// <param name="upBias">c, or null for none.</param>
    public abstract Tensor SwiGlu(Tensor x, Tensor? bias, PackedMatrix up, Tensor? upBias);

    public abstract void Dispose();

    private static bool CanBePanels(ScalarType type, Device device, long inputs) => device.type == DeviceType.CPU && type switch
    {
        ScalarType.Float32 => TileKernel.Serve,
        ScalarType.BFloat16 => BFloat16TileKernel.Serve && inputs == BFloat16Tile.WholeDepth((nint)inputs),
        _ => false,
    };
}
