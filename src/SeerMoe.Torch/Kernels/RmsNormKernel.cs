using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>w * x / rms(x) along the last dimension.</summary>
internal static unsafe class RmsNormKernel
{
    /// <summary>Whether it can take these.</summary>
    public static bool Serve(Tensor x, Tensor weight) => TensorMemory.Serve(x) && x.dtype == weight.dtype && x.is_contiguous() && weight.is_contiguous() && x.numel() > 0;

    /// <param name="x">[..., D]</param>
    /// <param name="weight">[D]</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="roundsFirst">Whether x / rms(x) is rounded before it is multiplied by the weight.</param>
    public static Tensor Of(Tensor x, Tensor weight, double epsilon, bool roundsFirst)
    {
        var y = empty_like(x);
        if (x.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format>(x, weight, y, (float)epsilon, roundsFirst);
        }
        else
        {
            Run<ushort, BFloat16Format>(x, weight, y, (float)epsilon, roundsFirst);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        return y;
    }

    private static void Run<TStored, TFormat>(Tensor x, Tensor weight, Tensor y, float epsilon, bool roundsFirst)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var width = weight.shape[0];
        var from = (TStored*)TensorMemory.First(x);
        var by = (TStored*)TensorMemory.First(weight);
        var to = (TStored*)TensorMemory.First(y);
        TensorMemory.Each(x.numel() / width, width, row => Row<TStored, TFormat>(from + (row * width), by, to + (row * width), (int)width, epsilon, roundsFirst));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TStored, TFormat>(TStored* x, TStored* weight, TStored* y, int width, float epsilon, bool roundsFirst)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var i = 0;
        for (; i <= width - 32; i += 32)
        {
            var (a, b) = (TFormat.Read16(x + i), TFormat.Read16(x + i + 16));
            even += a * a;
            odd += b * b;
        }

        var sum = Vector512.Sum(even + odd);
        for (; i < width; i++)
        {
            sum += TFormat.Read(x + i) * TFormat.Read(x + i);
        }

        var scale = 1 / MathF.Sqrt((sum / width) + epsilon);
        for (i = 0; i <= width - 16; i += 16)
        {
            var scaled = TFormat.Read16(x + i) * scale;
            TFormat.Write16((roundsFirst ? TFormat.Round(scaled) : scaled) * TFormat.Read16(weight + i), y + i);
        }

        for (; i < width; i++)
        {
            var scaled = TFormat.Read(x + i) * scale;
            TFormat.Write((roundsFirst ? TFormat.Round(Vector512.Create(scaled)).ToScalar() : scaled) * TFormat.Read(weight + i), y + i);
        }
    }
}
