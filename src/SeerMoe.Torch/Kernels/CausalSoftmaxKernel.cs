using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>Softmax over the keys that each query of a block sees, and its gradient, both in place and in float32.</summary>
internal static unsafe class CausalSoftmaxKernel
{
    /// <summary>p_ij = exp(scale s_ij) / sum over the seen k of exp(scale s_ik); 0 behind the query's own position.</summary>
    /// <param name="scores">[X, G n, end], contiguous: n queries, for each of G heads.</param>
    /// <param name="queries">n</param>
    /// <param name="first">Position of the first query; end is the position behind the last.</param>
    /// <param name="scale">Of the scores.</param>
    public static void Apply(Tensor scores, long queries, long first, float scale)
    {
        var numbers = (float*)TensorMemory.First(scores);
        var (rows, width) = (scores.shape[0] * scores.shape[1], scores.shape[2]);
        TensorMemory.Each(rows, width, row => Row(numbers + (row * width), (int)(first + (row % queries) + 1), (int)width, scale));
        GC.KeepAlive(scores);
    }

    /// <summary>From the gradient of p to that of the scores: scale p_ij (g_ij - sum over k of p_ik g_ik).</summary>
    /// <param name="softmax">p, as <see cref="Apply"/> left it.</param>
    /// <param name="gradient">g, of the same shape.</param>
    /// <param name="scale">Of the scores.</param>
    public static void ApplyGradient(Tensor softmax, Tensor gradient, float scale)
    {
        var p = (float*)TensorMemory.First(softmax);
        var g = (float*)TensorMemory.First(gradient);
        var (rows, width) = (softmax.shape[0] * softmax.shape[1], softmax.shape[2]);
        TensorMemory.Each(rows, width, row => GradientOfRow(p + (row * width), g + (row * width), (int)width, scale));
        GC.KeepAlive(softmax);
        GC.KeepAlive(gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* x, int seen, int width, float scale)
    {
        var most = Vector512.Create(float.NegativeInfinity);
        var i = 0;
        for (; i <= seen - 16; i += 16)
        {
            most = Vector512.MaxNative(most, Vector512.Load(x + i));
        }

        var max = VectorMaximum.Of(most);
        for (; i < seen; i++)
        {
            max = MathF.Max(max, x[i]);
        }

        var sums = Vector512<float>.Zero;
        for (i = 0; i <= seen - 16; i += 16)
        {
            var e = Exponential.Of((Vector512.Load(x + i) - Vector512.Create(max)) * scale);
            sums += e;
            e.Store(x + i);
        }

        var sum = Vector512.Sum(sums);
        for (; i < seen; i++)
        {
            x[i] = Exponential.Of((x[i] - max) * scale);
            sum += x[i];
        }

        for (i = 0; i <= seen - 16; i += 16)
        {
            (Vector512.Load(x + i) * (1 / sum)).Store(x + i);
        }

        for (; i < seen; i++)
        {
            x[i] *= 1 / sum;
        }

        new Span<float>(x + seen, width - seen).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientOfRow(float* p, float* g, int width, float scale)
    {
        var products = Vector512<float>.Zero;
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            products += Vector512.Load(p + i) * Vector512.Load(g + i);
        }

        var sum = Vector512.Sum(products);
        for (; i < width; i++)
        {
            sum += p[i] * g[i];
        }

        for (i = 0; i <= width - 16; i += 16)
        {
            (Vector512.Load(p + i) * (Vector512.Load(g + i) - Vector512.Create(sum)) * scale).Store(g + i);
        }

        for (; i < width; i++)
        {
            g[i] = p[i] * (g[i] - sum) * scale;
        }
    }
}
