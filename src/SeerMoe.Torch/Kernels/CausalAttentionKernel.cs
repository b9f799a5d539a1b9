using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Causal attention by tiles. Keys and values are brought into panels once; then up to six queries at a time are scored against the panels that they see, and mix
/// the values by their softmax, which never leaves the core's first cache. Scores and sums are float32, whatever the type.
/// <code>
/// [4, 8 heads on 4 of keys, 512, 64], two cores      libtorch, by blocks of queries     so
///   float32                                          7.1                                4.5 ms
///   bfloat16                                         5.4                                3.3 ms
/// </code>
/// </summary>
/// <remarks>A query that can't see a value multiplies it by 0 where its neighbours can; so infinity reaches up to five tokens back, as it does in libtorch's blocks.</remarks>
internal static unsafe class CausalAttentionKernel
{
    private const int Rows = TileKernel.Rows;
    private const int Columns = TileKernel.Columns;

    /// <summary>Queries of a head that a thread takes at a time.</summary>
    private const int Block = 16 * Rows;

    /// <summary>Whether it can take these: as many keys and values as queries, and the numbers of a head together.</summary>
    public static bool Serve(Tensor q, Tensor k, Tensor v) =>
        TensorMemory.Holds(q) && q.numel() > 0 && k.dtype == q.dtype && v.dtype == q.dtype && q.stride(3) == 1 && k.stride(3) == 1 && v.stride(3) == 1
        && k.shape[2] == q.shape[2] && v.shape[2] == q.shape[2] && k.shape[3] == q.shape[3] && q.shape[1] % k.shape[1] == 0 && v.shape[1] == k.shape[1]
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
        var (queries, keys, values, results) = (AttentionHeads<TStored>.Of(q), AttentionHeads<TStored>.Of(k), AttentionHeads<TStored>.Of(v), AttentionHeads<TStored>.Of(mixed));
        var (heads, shared, length) = (q.shape[1], k.shape[1], keys.Length);
        var group = heads / shared;
        var (places, columns, valueDepth) = (TileKernel.WholePanels(length), TileKernel.WholePanels(values.Width), TTile.WholeDepth(length));

        // Panels of the keys [tile, d, 64] and of the values [tile, S, 64] of each head of keys; for each thread the weights, the scores [6, S] and what is mixed [6, 64].
        var workers = Worker.Threads;
        var (keySize, valueSize, scoreSize) = (places * keys.Width, columns * valueDepth, Rows * places);
        using var panels = empty([k.shape[0] * shared, keySize + valueSize], q.dtype, q.device);
        using var weighed = empty([workers, scoreSize], q.dtype, q.device);
        using var scored = empty([workers, scoreSize + (Rows * Columns)], ScalarType.Float32, q.device);
        var panel = (TStored*)TensorMemory.First(panels);
        var weights = (TStored*)TensorMemory.First(weighed);
        var scores = (float*)TensorMemory.First(scored);
        TensorMemory.Each(k.shape[0] * shared, keySize + valueSize, row =>
        {
            var to = panel + ((nint)row * (keySize + valueSize));
            PutPanels<TStored, TTile>(keys.At(row / shared, row % shared), values.At(row / shared, row % shared), to, to + keySize);
        });

        // One thread has every so many-th block, as later ones see more keys.
        var blocks = (length + Block - 1) / Block;
        TensorMemory.Each(workers, q.shape[0] * heads * length * length / workers, worker =>
        {
            var ownWeights = weights + ((nint)worker * scoreSize);
            var ownScores = scores + ((nint)worker * (scoreSize + (Rows * Columns)));
            for (var unit = worker; unit < q.shape[0] * heads * blocks; unit += workers)
            {
                var (sequence, head, first) = (unit / blocks / heads, unit / blocks % heads, (nint)(unit % blocks) * Block);
                var from = panel + ((nint)((sequence * shared) + (head / group)) * (keySize + valueSize));
                Mix<TStored, TFormat, TTile>(
                    queries.At(sequence, head), first, Math.Min(first + Block, length), from, from + keySize, values.Width, ownScores, ownWeights, results.At(sequence, head));
            }
        });
    }

    private static void PutPanels<TStored, TTile>(AttentionHeads<TStored> keys, AttentionHeads<TStored> values, TStored* keyPanels, TStored* valuePanels)
        where TStored : unmanaged
        where TTile : IPanelTile<TStored>
    {
        for (nint first = 0; first < keys.Length; first += Columns)
        {
            TTile.PutColumns(keys.Row(first), keys.Position, Math.Min(Columns, keys.Length - first), keys.Width, keyPanels + (first * keys.Width));
        }

        for (nint column = 0; column < values.Width; column += Columns)
        {
            var panel = valuePanels + (column * TTile.WholeDepth(values.Length));
            TTile.PutRows(values.Row(0) + column, values.Position, values.Length, Math.Min(Columns, values.Width - column), panel);
        }
    }

    /// <summary>Queries from <paramref name="first"/> to <paramref name="last"/>, the last not among them.</summary>
    private static void Mix<TStored, TFormat, TTile>(
        AttentionHeads<TStored> queries, nint first, nint last, TStored* keyPanels, TStored* valuePanels, nint width, float* scores, TStored* weights, AttentionHeads<TStored> results)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
        where TTile : IPanelTile<TStored>
    {
        var (depth, places, valueDepth) = (queries.Width, TileKernel.WholePanels(queries.Length), TTile.WholeDepth(queries.Length));
        var mixed = scores + (Rows * places);
        var sums = stackalloc float[Rows];
        var scale = 1 / MathF.Sqrt(depth);

        // Everything is at hand: nothing is asked for ahead.
        var ahead = new TileKernel.Ahead((byte*)keyPanels, 0);
        for (nint rows; first < last; first += rows)
        {
            rows = TTile.Next(last - first);
            var end = first + rows;
            for (nint tile = 0; tile < end; tile += Columns)
            {
                TTile.Run(rows, queries.Row(first), queries.Position, keyPanels + (tile * depth), depth, scores + tile, places, goesOn: false, ahead);
            }

            // The softmax but for its denominators, which follow at the end.
            for (nint row = 0; row < rows; row++)
            {
                sums[row] = Weigh<TStored, TFormat>(scores + (row * places), first + row + 1, end, scale, weights + (row * places));
            }

            for (nint column = 0; column < width; column += Columns)
            {
                TTile.Run(rows, weights, places, valuePanels + (column * valueDepth), TTile.WholeDepth(end), mixed, Columns, goesOn: false, ahead);
                for (nint row = 0; row < rows; row++)
                {
                    Put<TStored, TFormat>(mixed + (row * Columns), 1 / sums[row], results.Row(first + row) + column, Math.Min(Columns, width - column));
                }
            }
        }
    }

    /// <summary>Numbers times a factor, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Put<TStored, TFormat>(float* from, float factor, TStored* to, nint count)
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
}
