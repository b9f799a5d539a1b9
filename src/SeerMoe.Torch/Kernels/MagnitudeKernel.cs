using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>The Euclidean norm and the largest magnitude of each row.</summary>
internal static unsafe class MagnitudeKernel
{
    /// <summary>Whether it can take these.</summary>
    public static bool Serve(Tensor x_RD) => TensorMemory.Serve(x_RD) && x_RD.is_contiguous() && x_RD.numel() > 0;

    /// <returns>[R] and [R], float32; a row with a number that is none has none either.</returns>
    public static (Tensor Norm, Tensor MaxAbs) Of(Tensor x_RD)
    {
        var (norm_R, maxAbs_R) = (empty(x_RD.shape[0], ScalarType.Float32), empty(x_RD.shape[0], ScalarType.Float32));
        if (x_RD.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format>(x_RD, norm_R, maxAbs_R);
        }
        else
        {
            Run<ushort, BFloat16Format>(x_RD, norm_R, maxAbs_R);
        }

        GC.KeepAlive(x_RD);
        return (norm_R, maxAbs_R);
    }

    private static void Run<TStored, TFormat>(Tensor x_RD, Tensor norm_R, Tensor maxAbs_R)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var from = (TStored*)TensorMemory.First(x_RD);
        var norms = (float*)TensorMemory.First(norm_R);
        var maxima = (float*)TensorMemory.First(maxAbs_R);
        var width = x_RD.shape[1];
        TensorMemory.Each(x_RD.shape[0], width, row => Row<TStored, TFormat>(from + (row * width), (int)width, norms + row, maxima + row));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TStored, TFormat>(TStored* x, int width, float* norm, float* maxAbs)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        // Magnitudes as bits are in the order of the numbers, and what is no number is above all.
        var (squares, largest) = (Vector512<float>.Zero, Vector512<uint>.Zero);
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            var numbers = TFormat.Read16(x + i);
            squares += numbers * numbers;
            largest = Vector512.Max(largest, Vector512.Abs(numbers).AsUInt32());
        }

        var (sum, max) = (Vector512.Sum(squares), 0u);
        for (var lane = 0; lane < Vector512<uint>.Count; lane++)
        {
            max = Math.Max(max, largest[lane]);
        }

        for (; i < width; i++)
        {
            var number = TFormat.Read(x + i);
            sum += number * number;
            max = Math.Max(max, BitConverter.SingleToUInt32Bits(MathF.Abs(number)));
        }

        *norm = MathF.Sqrt(sum);
        *maxAbs = BitConverter.UInt32BitsToSingle(max);
    }
}
