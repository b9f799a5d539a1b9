using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>The largest logit of a row, and the sum over all of e to what they are below it.</summary>
internal readonly record struct RowSum(float Max, double Sum);

/// <summary>Cross entropy of rows of logits, read as they stand: neither a copy in float32 nor a table of log-probabilities is made.</summary>
internal static unsafe class CrossEntropyKernel
{
    /// <summary>Whether it can take these.</summary>
    public static bool Serve(Tensor logits_NV) => TensorMemory.Holds(logits_NV) && logits_NV.is_contiguous() && logits_NV.numel() > 0;

    /// <summary>Loss of each row, nats: -ln p(target).</summary>
    /// <param name="logits_NV">Float32 or bfloat16.</param>
    /// <param name="targets_N">Columns.</param>
    /// <param name="sums_N">Gets what <see cref="Gradient"/> asks for.</param>
    public static double[] Losses(Tensor logits_NV, long[] targets_N, RowSum[] sums_N)
    {
        var losses_N = new double[targets_N.Length];
        if (logits_NV.dtype == ScalarType.Float32)
        {
            Losses<float, Float32Format>(logits_NV, targets_N, sums_N, losses_N);
        }
        else
        {
            Losses<ushort, BFloat16Format>(logits_NV, targets_N, sums_N, losses_N);
        }

        GC.KeepAlive(logits_NV);
        return losses_N;
    }

    /// <summary>Puts the gradient of the losses' sum in the place of the logits: factor (p - 1 at the target).</summary>
    public static void Gradient(Tensor logits_NV, long[] targets_N, RowSum[] sums_N, double factor)
    {
        if (logits_NV.dtype == ScalarType.Float32)
        {
            Gradient<float, Float32Format>(logits_NV, targets_N, sums_N, (float)factor);
        }
        else
        {
            Gradient<ushort, BFloat16Format>(logits_NV, targets_N, sums_N, (float)factor);
        }

        GC.KeepAlive(logits_NV);
    }

    private static void Losses<TStored, TFormat>(Tensor logits_NV, long[] targets_N, RowSum[] sums_N, double[] losses_N)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var numbers = (TStored*)TensorMemory.First(logits_NV);
        var width = logits_NV.shape[1];
        TensorMemory.Each(targets_N.Length, width, row =>
        {
            var x = numbers + (row * width);
            sums_N[row] = Sum<TStored, TFormat>(x, (int)width);
            losses_N[row] = Math.Log(sums_N[row].Sum) + ((double)sums_N[row].Max - TFormat.Read(x + targets_N[row]));
        });
    }

    private static void Gradient<TStored, TFormat>(Tensor logits_NV, long[] targets_N, RowSum[] sums_N, float factor)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var numbers = (TStored*)TensorMemory.First(logits_NV);
        var width = logits_NV.shape[1];
        TensorMemory.Each(targets_N.Length, width, row =>
        {
            var x = numbers + (row * width);
            var target = x + targets_N[row];
            var (max, byItsSum) = (sums_N[row].Max, (float)(factor / sums_N[row].Sum));
            var atTarget = (Exponential.Of(TFormat.Read(target) - max) * byItsSum) - factor;
            Probabilities<TStored, TFormat>(x, (int)width, max, byItsSum);
            TFormat.Write(atTarget, target);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static RowSum Sum<TStored, TFormat>(TStored* x, int width)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var most = Vector512.Create(float.NegativeInfinity);
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            most = Vector512.MaxNative(most, TFormat.Read16(x + i));
        }

        var max = VectorMaximum.Of(most);
        for (; i < width; i++)
        {
            max = MathF.Max(max, TFormat.Read(x + i));
        }

        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (i = 0; i <= width - 32; i += 32)
        {
            even += Exponential.Of(TFormat.Read16(x + i) - Vector512.Create(max));
            odd += Exponential.Of(TFormat.Read16(x + i + 16) - Vector512.Create(max));
        }

        double sum = Vector512.Sum(even + odd);
        for (; i < width; i++)
        {
            sum += Exponential.Of(TFormat.Read(x + i) - max);
        }

        return new RowSum(max, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Probabilities<TStored, TFormat>(TStored* x, int width, float max, float factor)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            TFormat.Write16(Exponential.Of(TFormat.Read16(x + i) - Vector512.Create(max)) * factor, x + i);
        }

        for (; i < width; i++)
        {
            TFormat.Write(Exponential.Of(TFormat.Read(x + i) - max) * factor, x + i);
        }
    }
}
