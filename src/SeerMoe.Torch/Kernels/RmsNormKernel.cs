using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>w * x / rms(x) along the last dimension, and its gradients.</summary>
internal static unsafe class RmsNormKernel
{
    /// <summary>Rows whose gradients of the weight are added up one by one; those of such pieces follow. So their order does not depend on threads.</summary>
    private const int Piece = 64;

    /// <summary>Whether it can take these.</summary>
    public static bool Serve(Tensor x, Tensor weight) => TensorMemory.Holds(x) && x.dtype == weight.dtype && x.is_contiguous() && weight.is_contiguous() && x.numel() > 0;

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

    /// <summary>
    /// With r = 1 / rms(x), of each row: dx = r w dy - x r^3 / D sum(w dy x), and over all rows dw = sum(dy x r).
    /// </summary>
    /// <param name="dy">As x.</param>
    /// <inheritdoc cref="Of"/>
    public static (Tensor X, Tensor Weight) Gradients(Tensor x, Tensor weight, Tensor dy, double epsilon, bool roundsFirst)
    {
        var dx = empty_like(x);
        var width = weight.shape[0];
        using var whole = dy.contiguous();
        using var sums = zeros([((x.numel() / width) + Piece - 1) / Piece, width], ScalarType.Float32);
        if (x.dtype == ScalarType.Float32)
        {
            RunGradients<float, Float32Format>(x, weight, whole, dx, sums, (float)epsilon, roundsFirst);
        }
        else
        {
            RunGradients<ushort, BFloat16Format>(x, weight, whole, dx, sums, (float)epsilon, roundsFirst);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        AddUp((float*)TensorMemory.First(sums), (int)sums.shape[0], (int)width);
        return (dx, sums[0].to_type(weight.dtype));
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

    private static void RunGradients<TStored, TFormat>(Tensor x, Tensor weight, Tensor dy, Tensor dx, Tensor sums, float epsilon, bool roundsFirst)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var width = weight.shape[0];
        var rows = x.numel() / width;
        var from = (TStored*)TensorMemory.First(x);
        var by = (TStored*)TensorMemory.First(weight);
        var gradient = (TStored*)TensorMemory.First(dy);
        var to = (TStored*)TensorMemory.First(dx);
        var ofWeight = (float*)TensorMemory.First(sums);
        TensorMemory.Each(sums.shape[0], Piece * width, piece =>
        {
            for (var row = piece * Piece; row < Math.Min((piece + 1) * Piece, rows); row++)
            {
                var place = row * width;
                GradientsOfRow<TStored, TFormat>(from + place, by, gradient + place, to + place, ofWeight + (piece * width), (int)width, epsilon, roundsFirst);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientsOfRow<TStored, TFormat>(TStored* x, TStored* weight, TStored* dy, TStored* dx, float* dw, int width, float epsilon, bool roundsFirst)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var scale = InverseRms<TStored, TFormat>(x, width, epsilon);
        var products = Vector512<float>.Zero;
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            products += TFormat.Read16(x + i) * TFormat.Read16(weight + i) * TFormat.Read16(dy + i);
        }

        var product = Vector512.Sum(products);
        for (; i < width; i++)
        {
            product += TFormat.Read(x + i) * TFormat.Read(weight + i) * TFormat.Read(dy + i);
        }

        var back = scale * (scale * (scale * product)) / width;
        for (i = 0; i <= width - 16; i += 16)
        {
            var (some, gradient) = (TFormat.Read16(x + i), TFormat.Read16(dy + i));
            var scaled = some * scale;
            (Vector512.Load(dw + i) + (gradient * (roundsFirst ? TFormat.Round(scaled) : scaled))).Store(dw + i);
            TFormat.Write16((gradient * TFormat.Read16(weight + i) * scale) - (some * back), dx + i);
        }

        for (; i < width; i++)
        {
            var (one, gradient) = (TFormat.Read(x + i), TFormat.Read(dy + i));
            var scaled = one * scale;
            dw[i] += gradient * (roundsFirst ? TFormat.Round(Vector512.Create(scaled)).ToScalar() : scaled);
            TFormat.Write((gradient * TFormat.Read(weight + i) * scale) - (one * back), dx + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TStored, TFormat>(TStored* x, TStored* weight, TStored* y, int width, float epsilon, bool roundsFirst)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var scale = InverseRms<TStored, TFormat>(x, width, epsilon);
        var i = 0;
        for (; i <= width - 16; i += 16)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float InverseRms<TStored, TFormat>(TStored* x, int width, float epsilon)
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

        return 1 / MathF.Sqrt((sum / width) + epsilon);
    }

    /// <summary>Rows to the first of them, in their order.</summary>
    private static void AddUp(float* sums, int rows, int width)
    {
        var first = new Span<float>(sums, width);
        for (var row = 1; row < rows; row++)
        {
            var some = new ReadOnlySpan<float>(sums + (row * (long)width), width);
            for (var i = 0; i < first.Length; i++)
            {
                first[i] += some[i];
            }
        }
    }
}
