using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Causal attention, a head of keys after the other. Its keys are brought into tiles of 64 once; then six queries at a time are scored against the tiles that they
/// see, and mix the values by their softmax, which never leaves the core's first cache. Scores and sums are float32, whatever the type.
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
        TensorMemory.Holds(q) && q.numel() > 0 && k.dtype == q.dtype && v.dtype == q.dtype && q.stride(3) == 1 && k.stride(3) == 1 && v.stride(3) == 1
        && (q.dtype == ScalarType.Float32 ? TileKernel.Serve : BFloat16TileKernel.Serve && q.shape[3] == BFloat16Tile.WholeDepth((nint)q.shape[3]));

    /// <summary>q [B, H, S, d], k [B, H_kv, S, d] and v [B, H_kv, S, d_v] to [B, H, S, d_v], whose heads stand side by side in memory.</summary>
    public static Tensor Of(Tensor q, Tensor k, Tensor v)
    {
        var mixed = empty([q.shape[0], q.shape[2], q.shape[1], v.shape[3]], q.dtype, q.device).transpose(1, 2);
        if (q.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format, Float32Tile>(q, k, v, mixed);
        }
        else
        {
            Run<ushort, BFloat16Format, BFloat16Tile>(q, k, v, mixed);
        }

        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        return mixed;
    }

    private static void Run<TStored, TFormat, TTile>(Tensor q, Tensor k, Tensor v, Tensor mixed)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
        where TTile : IPanelTile<TStored>
    {
        var (queries, keys, values, results) = (Heads<TStored>.Of(q), Heads<TStored>.Of(k), Heads<TStored>.Of(v), Heads<TStored>.Of(mixed));
        var (heads, group) = (k.shape[1], (int)(q.shape[1] / k.shape[1]));
        TensorMemory.Each(k.shape[0] * heads, q.shape[2] * group * q.shape[2], row =>
        {
            var (sequence, head) = (row / heads, row % heads);
            OfKeys<TStored, TFormat, TTile>(
                queries.At(sequence, head * group), keys.At(sequence, head), values.At(sequence, head), results.At(sequence, head * group), group);
        });
    }

    /// <summary>All heads of queries that read one head of keys.</summary>
    private static void OfKeys<TStored, TFormat, TTile>(Heads<TStored> queries, Heads<TStored> keys, Heads<TStored> values, Heads<TStored> results, int group)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
        where TTile : IPanelTile<TStored>
    {
        var (length, depth) = (keys.Length, keys.Width);
        var (places, columns, valueDepth) = (Whole(length), Whole(values.Width), TTile.WholeDepth(length));
        var sums = stackalloc float[Rows];

        // Panels of keys [tile, d, 64] and of values [tile, S, 64]; of six queries the scores and weights [6, S] and what they mix [6, 64].
        var numbers = (places * depth) + (columns * valueDepth) + (Rows * places);
        var room = (byte*)NativeMemory.AlignedAlloc((nuint)((numbers * sizeof(TStored)) + (Rows * (places + Columns) * sizeof(float))), 64);
        try
        {
            var scores = (float*)room;
            var mixed = scores + (Rows * places);
            var keyPanels = (TStored*)(mixed + (Rows * Columns));
            var valuePanels = keyPanels + (places * depth);
            var weights = valuePanels + (columns * valueDepth);
            for (nint first = 0; first < length; first += Columns)
            {
                TTile.PutColumns(keys.Row(0, first), keys.Position, Math.Min(Columns, length - first), depth, keyPanels + (first * depth));
            }

            for (nint column = 0; column < values.Width; column += Columns)
            {
                TTile.PutRows(values.Row(0, 0) + column, values.Position, length, Math.Min(Columns, values.Width - column), valuePanels + (column * valueDepth));
            }

            var scale = 1 / MathF.Sqrt(depth);
            for (var head = 0; head < group; head++)
            {
                for (nint first = 0, rows; first < length; first += rows)
                {
                    rows = TTile.Next(length - first);
                    var end = first + rows;
                    for (nint tile = 0; tile < end; tile += Columns)
                    {
                        TTile.Run(rows, queries.Row(head, first), queries.Position, keyPanels + (tile * depth), depth, scores + tile, places, goesOn: false, ahead: default);
                    }

                    // The softmax but for its denominators, which follow at the end.
                    for (nint row = 0; row < rows; row++)
                    {
                        sums[row] = Weigh<TStored, TFormat>(scores + (row * places), first + row + 1, end, scale, weights + (row * places));
                    }

                    for (nint column = 0; column < values.Width; column += Columns)
                    {
                        TTile.Run(rows, weights, places, valuePanels + (column * valueDepth), TTile.WholeDepth(end), mixed, Columns, goesOn: false, ahead: default);
                        for (nint row = 0; row < rows; row++)
                        {
                            Put<TStored, TFormat>(mixed + (row * Columns), 1 / sums[row], results.Row(head, first + row) + column, Math.Min(Columns, values.Width - column));
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

    private static nint Whole(nint numbers) => (numbers + Columns - 1) / Columns * Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Put<TStored, TFormat>(float* from, float factor, TStored* to, nint count)
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

    /// <summary>e^(scale (s - the largest s)) of the scores that a query sees, rounded; 0 for those up to <paramref name="end"/> that it does not see, and up to a multiple of 16.</summary>
    /// <returns>Their sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Weigh<TStored, TFormat>(float* scores, nint seen, nint end, float scale, TStored* weights)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
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
            var e = TFormat.Round(Exponential.Of((Vector512.Load(scores + i) - max) * scale));
            sums += e;
            TFormat.Write16(e, weights + i);
        }

        // What is not seen weighs 2e-38 in the sum, nothing beside its 1.
        new Span<TStored>(weights + seen, (int)(width - seen)).Clear();
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
