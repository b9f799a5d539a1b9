using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>silu(g) * u, element by element, with silu(g) = g s and s = 1 / (1 + e^-g), and its gradients.</summary>
internal static unsafe class SiluProductKernel
{
    /// <summary>Numbers that a thread takes at a time.</summary>
    private const long Piece = 1 << 12;

    /// <summary>Whether it can take these.</summary>
    public static bool Serve(Tensor g, Tensor u) => TensorMemory.Holds(g) && g.dtype == u.dtype && g.is_contiguous() && u.is_contiguous() && g.numel() > 0 && g.numel() == u.numel();

    /// <summary>Of the shape of both.</summary>
    public static Tensor Of(Tensor g, Tensor u)
    {
        var y = empty_like(g);
        if (g.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format>(g, u, y);
        }
        else
        {
            Run<ushort, BFloat16Format>(g, u, y);
        }

        GC.KeepAlive(g);
        GC.KeepAlive(u);
        return y;
    }

    /// <summary>dg = dy u s (1 + g (1 - s)), du = dy g s.</summary>
    public static (Tensor Gate, Tensor Up) Gradients(Tensor g, Tensor u, Tensor dy)
    {
        var (dg, du) = (empty_like(g), empty_like(u));
        using var whole = dy.contiguous();
        if (g.dtype == ScalarType.Float32)
        {
            RunGradients<float, Float32Format>(g, u, whole, dg, du);
        }
        else
        {
            RunGradients<ushort, BFloat16Format>(g, u, whole, dg, du);
        }

        GC.KeepAlive(g);
        GC.KeepAlive(u);
        return (dg, du);
    }

    private static void Run<TStored, TFormat>(Tensor g, Tensor u, Tensor y)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var gate = (TStored*)TensorMemory.First(g);
        var up = (TStored*)TensorMemory.First(u);
        var to = (TStored*)TensorMemory.First(y);
        Pieces(g.numel(), (start, count) => Products<TStored, TFormat>(gate + start, up + start, to + start, count));
    }

    private static void RunGradients<TStored, TFormat>(Tensor g, Tensor u, Tensor dy, Tensor dg, Tensor du)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var gate = (TStored*)TensorMemory.First(g);
        var up = (TStored*)TensorMemory.First(u);
        var gradient = (TStored*)TensorMemory.First(dy);
        var toGate = (TStored*)TensorMemory.First(dg);
        var toUp = (TStored*)TensorMemory.First(du);
        Pieces(g.numel(), (start, count) => Gradients<TStored, TFormat>(gate + start, up + start, gradient + start, toGate + start, toUp + start, count));
    }

    private static void Pieces(long numbers, Action<long, int> work) => TensorMemory.Each((numbers + Piece - 1) / Piece, Piece, piece => work(piece * Piece, (int)Math.Min(Piece, numbers - (piece * Piece))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products<TStored, TFormat>(TStored* gate, TStored* up, TStored* to, int count)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var i = 0;
        for (; i <= count - 16; i += 16)
        {
            var g = TFormat.Read16(gate + i);
            TFormat.Write16(g * Exponential.Sigmoid(g) * TFormat.Read16(up + i), to + i);
        }

        for (; i < count; i++)
        {
            var g = TFormat.Read(gate + i);
            TFormat.Write(g * Sigmoid(g) * TFormat.Read(up + i), to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradients<TStored, TFormat>(TStored* gate, TStored* up, TStored* gradient, TStored* toGate, TStored* toUp, int count)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var i = 0;
        for (; i <= count - 16; i += 16)
        {
            var (g, dy) = (TFormat.Read16(gate + i), TFormat.Read16(gradient + i));
            var s = Exponential.Sigmoid(g);
            TFormat.Write16(dy * TFormat.Read16(up + i) * s * (Vector512<float>.One + (g * (Vector512<float>.One - s))), toGate + i);
            TFormat.Write16(dy * g * s, toUp + i);
        }

        for (; i < count; i++)
        {
            var (g, dy) = (TFormat.Read(gate + i), TFormat.Read(gradient + i));
            var s = Sigmoid(g);
            TFormat.Write(dy * TFormat.Read(up + i) * s * (1 + (g * (1 - s))), toGate + i);
            TFormat.Write(dy * g * s, toUp + i);
        }
    }

    private static float Sigmoid(float g) => Exponential.Sigmoid(Vector512.Create(g)).ToScalar();
}
