using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Causal attention, a head of keys after the other. Its keys are brought into tiles of 64 once; then six queries at a time are scored against the tiles that they
/// see, and mix the values by their softmax, which never leaves the core's first cache. In float32 inside, whatever the type.
/// <code>
/// [4, 8 heads on 4 of keys, 512, 64], two cores      libtorch, by blocks of queries     so
///   float32                                          7.1                                4.6 ms
///   bfloat16                                         5.4                                4.7 ms
/// </code>
/// </summary>
internal static unsafe class CausalAttentionKernel
{
    private const int Rows = TileKernel.Rows;
    private const int Columns = TileKernel.Columns;

    /// <summary>Whether it can take these: the numbers of a head must stand together.</summary>
    public static bool Serve(Tensor q, Tensor k, Tensor v) =>
        TileKernel.Serve && TensorMemory.Holds(q) && q.numel() > 0 && k.dtype == q.dtype && v.dtype == q.dtype && q.stride(3) == 1 && k.stride(3) == 1 && v.stride(3) == 1;

    /// <summary>q [B, H, S, d], k [B, H_kv, S, d] and v [B, H_kv, S, d_v] to [B, H, S, d_v], whose heads stand side by side in memory.</summary>
    public static Tensor Of(Tensor q, Tensor k, Tensor v)
    {
        var mixed = empty([q.shape[0], q.shape[2], q.shape[1], v.shape[3]], q.dtype, q.device).transpose(1, 2);
        if (q.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format>(q, k, v, mixed);
        }
        else
        {
            Run<ushort, BFloat16Format>(q, k, v, mixed);
        }

        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        return mixed;
    }

    private static void Run<TStored, TFormat>(Tensor q, Tensor k, Tensor v, Tensor mixed)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var (queries, keys, values, results) = (Heads<TStored>.Of(q), Heads<TStored>.Of(k), Heads<TStored>.Of(v), Heads<TStored>.Of(mixed));
        var (heads, group) = (k.shape[1], (int)(q.shape[1] / k.shape[1]));
        TensorMemory.Each(k.shape[0] * heads, q.shape[2] * group * q.shape[2], row =>
        {
            var (sequence, head) = (row / heads, row % heads);
            OfKeys<TStored, TFormat>(
                queries.At(sequence, head * group), keys.At(sequence, head), values.At(sequence, head), results.At(sequence, head * group), group);
        });
    }

    /// <summary>All heads of queries that read one head of keys.</summary>
    private static void OfKeys<TStored, TFormat>(Heads<TStored> queries, Heads<TStored> keys, Heads<TStored> values, Heads<TStored> results, int group)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var (length, depth, width) = (keys.Length, keys.Width, values.Width);
        var (places, columns) = (WholeTiles(length), WholeTiles(width));

        var sums = stackalloc float[Rows];

        // Keys [tile, d, 64], values [S, columns], of six queries themselves [6, d], their scores [6, S] and what they mix [6, 64].
        var room = (float*)NativeMemory.AlignedAlloc((nuint)((places * depth) + (length * columns) + (Rows * (depth + places + Columns))) * sizeof(float), 64);
        try
        {
            var tiles = room;
            var mixable = tiles + (places * depth);
            var asked = mixable + (length * columns);
            var scores = asked + (Rows * depth);
            var mixed = scores + (Rows * places);
            new Span<float>(asked, Rows * (int)depth).Clear();
            for (nint first = 0; first < length; first += Columns)
            {
                TransposeKernel.Turn<TStored, TFormat>(keys.Row(0, first), keys.Position, Math.Min(Columns, length - first), depth, tiles + (first * depth));
            }

            CopyValues<TStored, TFormat>(values, columns, mixable);
            var scale = 1 / MathF.Sqrt(depth);
            for (var head = 0; head < group; head++)
            {
                for (nint first = 0; first < length; first += Rows)
                {
                    var rows = Math.Min(Rows, length - first);
                    var end = first + rows;
                    for (nint row = 0; row < rows; row++)
                    {
                        Scaled<TStored, TFormat>(queries.Row(head, first + row), scale, asked + (row * depth), depth);
                    }

                    for (nint tile = 0; tile < end; tile += Columns)
                    {
                        TileKernel.Tile(Rows, asked, depth, tiles + (tile * depth), Columns, depth, scores + tile, places);
                    }

                    // Weights of the rows: the softmax but for its denominator, which follows at the end.
                    for (nint row = 0; row < rows; row++)
                    {
                        sums[row] = Exponentials(scores + (row * places), first + row + 1, end);
                    }

                    for (nint column = 0; column < width; column += Columns)
                    {
                        TileKernel.Tile(Rows, scores, places, mixable + column, columns, end, mixed, Columns);
                        for (nint row = 0; row < rows; row++)
                        {
                            Scaled<TStored, TFormat>(mixed + (row * Columns), 1 / sums[row], results.Row(head, first + row) + column, Math.Min(Columns, width - column));
                        }
                    }
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(room);
        }
    }

    private static nint WholeTiles(nint numbers) => (numbers + Columns - 1) / Columns * Columns;

    private static void CopyValues<TStored, TFormat>(Heads<TStored> values, nint columns, float* to)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        for (nint i = 0; i < values.Length; i++, to += columns)
        {
            Scaled<TStored, TFormat>(values.Row(0, i), 1, to, values.Width);
            new Span<float>(to + values.Width, (int)(columns - values.Width)).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scaled<TStored, TFormat>(TStored* from, float factor, float* to, nint count)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        nint i = 0;
        for (; i <= count - 16; i += 16)
        {
            (TFormat.Read16(from + i) * factor).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = TFormat.Read(from + i) * factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scaled<TStored, TFormat>(float* from, float factor, TStored* to, nint count)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        nint i = 0;
        for (; i <= count - 16; i += 16)
        {
            TFormat.Write16(Vector512.Load(from + i) * factor, to + i);
        }

        for (; i < count; i++)
        {
            TFormat.Write(from[i] * factor, to + i);
        }
    }

    /// <summary>e^(s - the largest s) of the scores that a query sees, 0 for those up to <paramref name="end"/> that it does not see. There is room up to a multiple of 16.</summary>
    /// <returns>Their sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials(float* scores, nint seen, nint end)
    {
        var width = (end + 15) / 16 * 16;
        for (var i = seen; i < width; i++)
        {
            scores[i] = float.NegativeInfinity;
        }

        var most = Vector512.Load(scores);
        for (nint i = 16; i < width; i += 16)
        {
            most = Vector512.MaxNative(most, Vector512.Load(scores + i));
        }

        var max = Vector512.Create(VectorMaximum.Of(most));
        var sums = Vector512<float>.Zero;
        for (nint i = 0; i < width; i += 16)
        {
            var e = Exponential.Of(Vector512.Load(scores + i) - max);
            sums += e;
            e.Store(scores + i);
        }

        // What is not seen weighs 2e-38 in the sum, nothing beside its 1.
        for (var i = seen; i < width; i++)
        {
            scores[i] = 0;
        }

        return Vector512.Sum(sums);
    }

    /// <summary>Heads of a tensor [B, H, S, w] from one of them on.</summary>
    private readonly record struct Heads<TStored>(nint Address, nint Sequence, nint Head, nint Position, nint Length, nint Width)
        where TStored : unmanaged
    {
        public static Heads<TStored> Of(Tensor x) =>
            new((nint)TensorMemory.First(x), (nint)x.stride(0), (nint)x.stride(1), (nint)x.stride(2), (nint)x.shape[2], (nint)x.shape[3]);

        public Heads<TStored> At(long sequence, long head) => this with { Address = (nint)((TStored*)Address + ((nint)sequence * Sequence) + ((nint)head * Head)) };

        public TStored* Row(nint head, nint position) => (TStored*)Address + (head * Head) + (position * Position);
    }
}
