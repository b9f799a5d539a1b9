using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>Turns queries or keys by their positions, dimension i with i + r/2.</summary>
internal static unsafe class RotaryKernel
{
    /// <summary>Whether it can take these: the numbers of a head must stand together.</summary>
    public static bool Serve(Tensor x) => TensorMemory.Holds(x) && x.dim() == 4 && x.stride(3) == 1 && x.numel() > 0;

    /// <param name="x">[B, H, S, d]</param>
    /// <param name="cos">[S, r / 2], of the type of x.</param>
    /// <param name="sin">[S, r / 2]</param>
    /// <param name="sideBySide">Whether heads stand side by side in memory, as projections want them, or one behind the other.</param>
    /// <returns>[B, H, S, d]</returns>
    public static Tensor Turn(Tensor x, Tensor cos, Tensor sin, bool sideBySide = false)
    {
        var y = sideBySide ? empty([x.shape[0], x.shape[2], x.shape[1], x.shape[3]], x.dtype, x.device).transpose(1, 2) : empty(x.shape, x.dtype, x.device);
        if (x.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format>(x, cos, sin, y);
        }
        else
        {
            Run<ushort, BFloat16Format>(x, cos, sin, y);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(cos);
        GC.KeepAlive(sin);
        return y;
    }

    private static void Run<TStored, TFormat>(Tensor x, Tensor cos, Tensor sin, Tensor y)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var from = (TStored*)TensorMemory.First(x);
        var c = (TStored*)TensorMemory.First(cos);
        var s = (TStored*)TensorMemory.First(sin);
        var to = (TStored*)TensorMemory.First(y);
        var (heads, length, width) = (x.shape[1], x.shape[2], x.shape[3]);
        var (sequence, head, position) = (x.stride(0), x.stride(1), x.stride(2));
        var (toSequence, toHead, toPosition) = (y.stride(0), y.stride(1), y.stride(2));
        var half = cos.shape[1];
        TensorMemory.Each(x.shape[0] * heads, length * width, row =>
        {
            var x_Sd = from + (row / heads * sequence) + (row % heads * head);
            var y_Sd = to + (row / heads * toSequence) + (row % heads * toHead);
            for (long i = 0; i < length; i++)
            {
                Position<TStored, TFormat>(x_Sd + (i * position), c + (i * half), s + (i * half), y_Sd + (i * toPosition), (int)half, (int)width);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Position<TStored, TFormat>(TStored* x, TStored* cos, TStored* sin, TStored* y, int half, int width)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var i = 0;
        for (; i <= half - 16; i += 16)
        {
            var (a, b, c, s) = (TFormat.Read16(x + i), TFormat.Read16(x + half + i), TFormat.Read16(cos + i), TFormat.Read16(sin + i));
            TFormat.Write16((a * c) - (b * s), y + i);
            TFormat.Write16((b * c) + (a * s), y + half + i);
        }

        for (; i < half; i++)
        {
            var (a, b, c, s) = (TFormat.Read(x + i), TFormat.Read(x + half + i), TFormat.Read(cos + i), TFormat.Read(sin + i));
            TFormat.Write((a * c) - (b * s), y + i);
            TFormat.Write((b * c) + (a * s), y + half + i);
        }

        for (i = 2 * half; i < width; i++)
        {
            y[i] = x[i];
        }
    }
}
