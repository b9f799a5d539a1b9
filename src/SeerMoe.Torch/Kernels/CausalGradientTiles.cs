using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// The gradients of causal attention by tiles, for 64 queries i at a time, which are the columns of all that is computed of them; j are the keys up to the last of them. So nothing of the size of the scores is turned.
/// <code>
/// s_ji = k_j q_i      p_ji = softmax over j of scale s_ji      h_ji = v_j g_i, with g the gradient of the mixed values
/// t_ji = scale p_ji (h_ji - sum over j of p_ji h_ji)      dv_j += sum over i of p_ji g_i      dk_j += sum over i of t_ji q_i      dq_i = sum over j of t_ji k_j
/// </code>
/// The softmax is computed a second time. Sums are float32 whatever the type; p and t are rounded to it.
/// </summary>
/// <remarks>What a query can't see is weighed by 0 where its neighbours can; so infinity in a query or in its gradient reaches the keys up to its block's end.</remarks>
/// <typeparam name="TStored">Of the size of one number.</typeparam>
/// <typeparam name="TFormat">What it means.</typeparam>
/// <typeparam name="TTile">How it is multiplied.</typeparam>
internal sealed unsafe class CausalGradientTiles<TStored, TFormat, TTile>
    where TStored : unmanaged
    where TFormat : INumberFormat<TStored>
    where TTile : IPanelTile<TStored>
{
    private const int Columns = TileKernel.Columns;

    private readonly nint _length;
    private readonly nint _width;
    private readonly nint _valueWidth;
    private readonly float _scale;

    // From a dimension of the turned keys to the next.
    private readonly nint _apart;

    // Keys by queries: scores, then what the softmax gives; the gradient of that, then of the scores; both once more in the type of the keys.
    private readonly float* _scores;
    private readonly float* _gradients;
    private readonly TStored* _weights;
    private readonly TStored* _turned;
    private readonly TStored* _panel;

    // Of a head of keys: what its heads of queries add up to, panel by panel, and the keys as [d, S].
    private readonly float* _keySums;
    private readonly float* _valueSums;
    private readonly TStored* _keys;

    // Of a block of queries: they and their gradients as columns, a panel of either as rows, and what becomes their gradient, [d, 64] and [64, d].
    private readonly TStored* _queryColumns;
    private readonly TStored* _gradientColumns;
    private readonly TStored* _rows;
    private readonly float* _querySums;
    private readonly float* _queryResults;

    private CausalGradientTiles(nint length, nint width, nint valueWidth, Room room)
    {
        (_length, _width, _valueWidth) = (length, width, valueWidth);
        _scale = 1 / MathF.Sqrt(width);
        _apart = TTile.WholeDepth(length);
        _scores = room.Take<float>(length * Columns);
        _gradients = room.Take<float>(length * Columns);

        // In float32 they stand where they were computed.
        var isWide = sizeof(TStored) == sizeof(float);
        _weights = isWide ? (TStored*)_scores : room.Take<TStored>(length * Columns);
        _turned = isWide ? (TStored*)_gradients : room.Take<TStored>(length * Columns);
        _panel = isWide ? _turned : room.Take<TStored>(_apart * Columns);
        _keySums = room.Take<float>(length * TileKernel.WholePanels(width));
        _valueSums = room.Take<float>(length * TileKernel.WholePanels(valueWidth));
        _keys = room.Take<TStored>(width * _apart);
        _queryColumns = room.Take<TStored>(width * Columns);
        _gradientColumns = room.Take<TStored>(valueWidth * Columns);
        _rows = room.Take<TStored>(Columns * Columns);
        _querySums = room.Take<float>(width * Columns);
        _queryResults = room.Take<float>(width * Columns);
    }

    /// <param name="q">[B, H, S, d]</param>
    /// <param name="k">[B, H_kv, S, d]</param>
    /// <param name="v">[B, H_kv, S, d_v]</param>
    /// <param name="g">[B, H, S, d_v]</param>
    /// <param name="dq">As q.</param>
    /// <param name="dk">As k.</param>
    /// <param name="dv">As v.</param>
    public static void Run(Tensor q, Tensor k, Tensor v, Tensor g, Tensor dq, Tensor dk, Tensor dv)
    {
        var (shared, group) = (k.shape[1], q.shape[1] / k.shape[1]);
        var units = q.shape[0] * shared;
        var (length, width, valueWidth) = ((nint)q.shape[2], (nint)q.shape[3], (nint)v.shape[3]);
        var (ofQ, ofK, ofV, ofG) = (AttentionHeads<TStored>.Of(q), AttentionHeads<TStored>.Of(k), AttentionHeads<TStored>.Of(v), AttentionHeads<TStored>.Of(g));
        var (toQ, toK, toV) = (AttentionHeads<TStored>.Of(dq), AttentionHeads<TStored>.Of(dk), AttentionHeads<TStored>.Of(dv));

        var size = new Room(null);
        _ = new CausalGradientTiles<TStored, TFormat, TTile>(length, width, valueWidth, size);
        var workers = Math.Min(Worker.Threads, units);
        using var rooms = empty([workers, size.Taken], ScalarType.Byte);
        var first = (byte*)TensorMemory.First(rooms);
        TensorMemory.Each(workers, units * length * length / workers, worker =>
        {
            var tiles = new CausalGradientTiles<TStored, TFormat, TTile>(length, width, valueWidth, new Room(first + (worker * size.Taken)));
            for (var unit = worker; unit < units; unit += workers)
            {
                var (sequence, head) = (unit / shared, unit % shared);
                var (keys, values) = (ofK.At(sequence, head), ofV.At(sequence, head));
                tiles.Begin(keys);
                for (var query = head * group; query < (head + 1) * group; query++)
                {
                    tiles.Add(ofQ.At(sequence, query), keys, values, ofG.At(sequence, query), toQ.At(sequence, query));
                }

                tiles.Put(tiles._keySums, toK.At(sequence, head));
                tiles.Put(tiles._valueSums, toV.At(sequence, head));
            }
        });
    }

    /// <summary>A head of keys, to which nothing was added yet.</summary>
    private void Begin(AttentionHeads<TStored> keys)
    {
        Clear(_keySums, _length * TileKernel.WholePanels(_width));
        Clear(_valueSums, _length * TileKernel.WholePanels(_valueWidth));

        // Rows become columns in words of 32 bits, so those of bfloat16 become pairs before.
        const nint word = sizeof(uint);
        for (nint first = 0; first < _length; first += Columns)
        {
            var depth = Math.Min(Columns, _length - first);
            for (nint column = 0; column < _width; column += Columns)
            {
                var columns = Math.Min(Columns, _width - column);
                TTile.PutRows(keys.Row(first) + column, keys.Position, depth, columns, _rows);
                var to = _keys + (column * _apart) + first;
                TransposeKernel.Turn((byte*)_rows, Columns * word, TTile.WholeDepth(depth) * sizeof(TStored) / word, columns, (uint*)to, _apart * sizeof(TStored) / word);
            }
        }
    }

    /// <summary>A head of queries.</summary>
    private void Add(AttentionHeads<TStored> queries, AttentionHeads<TStored> keys, AttentionHeads<TStored> values, AttentionHeads<TStored> gradients, AttentionHeads<TStored> results)
    {
        for (nint first = 0; first < _length; first += Columns)
        {
            var count = Math.Min(Columns, _length - first);
            var end = first + count;
            TTile.PutColumns(queries.Row(first), queries.Position, count, _width, _queryColumns);
            TTile.PutColumns(gradients.Row(first), gradients.Position, count, _valueWidth, _gradientColumns);
            Product(keys.Row(0), keys.Position, end, _queryColumns, _width, _scores, goesOn: false);
            Product(values.Row(0), values.Position, end, _gradientColumns, _valueWidth, _gradients, goesOn: false);
            for (nint column = 0; column < Columns; column += 16)
            {
                Softmax(_scores + column, _gradients + column, _weights + column, _turned + column, first + column, end, _scale);
            }

            Added(gradients.Row(first), gradients.Position, count, _valueWidth, _weights, end, _valueSums);
            Added(queries.Row(first), queries.Position, count, _width, _turned, end, _keySums);
            if (_panel != _turned)
            {
                TTile.PutRows(_turned, Columns, end, Columns, _panel);
            }

            Product(_keys, _apart, _width, _panel, TTile.WholeDepth(end), _querySums, goesOn: false);
            TransposeKernel.Turn((byte*)_querySums, Columns * sizeof(float), _width, count, (uint*)_queryResults, _width);
            for (nint row = 0; row < count; row++)
            {
                Put(_queryResults + (row * _width), results.Row(first + row), _width);
            }
        }
    }

    /// <summary>To the sums of keys or values what some queries give: their rows x, weighed.</summary>
    private void Added(TStored* x, nint stride, nint count, nint width, TStored* weights, nint end, float* sums)
    {
        for (nint column = 0; column < width; column += Columns)
        {
            TTile.PutRows(x + column, stride, count, Math.Min(Columns, width - column), _rows);
            Product(weights, Columns, end, _rows, TTile.WholeDepth(count), sums + (column * _length), goesOn: true);
        }
    }

    /// <summary>c [rows, 64] of a [rows, depth] by a panel.</summary>
    private static void Product(TStored* a, nint stride, nint rows, TStored* panel, nint depth, float* c, bool goesOn)
    {
        // Everything is at hand: nothing is asked for ahead.
        var ahead = new TileKernel.Ahead((byte*)panel, 0);
        for (nint row = 0, count; row < rows; row += count)
        {
            count = TTile.Next(rows - row);
            TTile.Run(count, a + (row * stride), stride, panel, depth, c + (row * Columns), Columns, goesOn, ahead);
        }
    }

    /// <summary>
    /// Of 16 queries, each a lane: scores become weights, and the gradients of these those of the scores. A weight that is not seen is 0.
    /// </summary>
    /// <param name="scores">s [end, 64], which the weights take the place of.</param>
    /// <param name="gradients">h [end, 64]</param>
    /// <param name="weights">p, rounded.</param>
    /// <param name="turned">t, rounded.</param>
    /// <param name="position">Of the first of the queries.</param>
    /// <param name="end">Keys.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(float* scores, float* gradients, TStored* weights, TStored* turned, nint position, nint end, float scale)
    {
        var most = Vector512.Create(float.NegativeInfinity);
        for (nint key = 0; key < end; key++)
        {
            most = Vector512.MaxNative(most, Vector512.ConditionalSelect(Seen(position, key), Vector512.Load(scores + (key * Columns)), most));
        }

        var (sums, products) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (nint key = 0; key < end; key++)
        {
            var at = key * Columns;
            var e = Seen(position, key) & Exponential.Of((Vector512.Load(scores + at) - most) * scale);
            sums += e;
            products += Seen(position, key) & (e * Vector512.Load(gradients + at));
            e.Store(scores + at);
        }

        var inverse = Vector512<float>.One / sums;
        var mean = products * inverse;
        for (nint key = 0; key < end; key++)
        {
            var at = key * Columns;
            var p = Seen(position, key) & (Vector512.Load(scores + at) * inverse);
            var t = Seen(position, key) & (p * (Vector512.Load(gradients + at) - mean) * scale);
            TFormat.Write16(p, weights + at);
            TFormat.Write16(t, turned + at);
        }
    }

    /// <summary>All bits of the queries that see a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Seen(nint position, nint key) =>
        Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create((int)(key - position))).AsSingle();

    /// <summary>Sums, panel by panel, to rows of numbers.</summary>
    private void Put(float* sums, AttentionHeads<TStored> to)
    {
        for (nint row = 0; row < _length; row++)
        {
            for (nint column = 0; column < to.Width; column += Columns)
            {
                Put(sums + (column * _length) + (row * Columns), to.Row(row) + column, Math.Min(Columns, to.Width - column));
            }
        }
    }

    private static void Put(float* from, TStored* to, nint count) => CausalAttentionKernel.Put<TStored, TFormat>(from, 1, to, count);

    private static void Clear(float* numbers, nint count) => NativeMemory.Clear(numbers, (nuint)(count * sizeof(float)));

    /// <summary>Memory that is given away piece by piece, from cache line to cache line.</summary>
    private sealed class Room(byte* first)
    {
        private const nint Line = 64;

        /// <summary>Bytes.</summary>
        public nint Taken { get; private set; }

        public T* Take<T>(nint count)
            where T : unmanaged
        {
            var piece = first + Taken;
            Taken += ((count * sizeof(T)) + Line - 1) / Line * Line;
            return (T*)piece;
        }
    }
}
