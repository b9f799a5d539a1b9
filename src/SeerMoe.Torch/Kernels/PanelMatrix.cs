using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SeerMoe.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// A float32 matrix in panels of 64 outputs, each of which is read from its first number to its last for every few rows that it is multiplied by.
/// <code>
/// W [out, in]       panel 0: w[0, 0] ... w[63, 0]   w[0, 1] ... w[63, 1]   ...   panel 1: w[64, 0] ...
/// </code>
/// While a panel is used, the next one is fetched. Rows go by <see cref="TileKernel"/>, so each has the same bits whatever stands beside it.
/// </summary>
internal sealed unsafe class PanelMatrix : PackedMatrix
{
    private const int Columns = TileKernel.Columns;

    // So many rows go through a part of a panel of so many inputs (128 KiB) together: both, and the part that comes next, have room in a core's second cache.
    private const int Rows = 16 * TileKernel.Rows;
    private const int Depth = 512;

    /// <summary>Bytes of a cache line.</summary>
    private const int Line = 64;

    private readonly Tensor _panels_PI64;
    private readonly nint _inputs;
    private readonly nint _outputs;

    /// <param name="weight">[out, in], copied. What is missing in the last panel is 0.</param>
    public PanelMatrix(Tensor weight)
    {
        using var whole = weight.contiguous();
        (_outputs, _inputs) = ((nint)whole.shape[0], (nint)whole.shape[1]);
        var panels = (_outputs + Columns - 1) / Columns;
        _panels_PI64 = empty(panels, _inputs, Columns).DetachFromDisposeScope();
        var from = (float*)TensorMemory.First(whole);
        var to = (float*)TensorMemory.First(_panels_PI64);
        TensorMemory.Each(panels, _inputs * Columns, panel =>
        {
            var first = (nint)panel * Columns;
            TransposeKernel.Turn<float, Float32Format>(from + (first * _inputs), _inputs, Math.Min(Columns, _outputs - first), _inputs, to + (first * _inputs));
        });
        GC.KeepAlive(whole);
    }

    public static bool CanHold(ScalarType type, Device device) => type == ScalarType.Float32 && device.type == DeviceType.CPU && TileKernel.Serve;

    public override Tensor Of(Tensor x, Tensor? bias) => Run(x, bias, null, null);

    public override Tensor SwiGlu(Tensor x, Tensor? bias, PackedMatrix up, Tensor? upBias) => Run(x, bias, (PanelMatrix)up, upBias);

    public override void Dispose() => _panels_PI64.Dispose();

    /// <summary>W x + b or, with another matrix U, silu(W x + b) * (U x + c).</summary>
    private Tensor Run(Tensor x, Tensor? bias, PanelMatrix? up, Tensor? upBias)
    {
        if (x.shape[^1] != _inputs)
        {
            throw new ArgumentException($"Rows of {x.shape[^1]} numbers by a matrix of {_inputs} inputs.", nameof(x));
        }

        using var rows_MI = x.contiguous();
        var y = empty([.. x.shape[..^1], _outputs]);
        var from = (float*)TensorMemory.First(rows_MI);
        var to = (float*)TensorMemory.First(y);
        var count = (nint)(x.numel() / _inputs);
        var (own, other) = (new Factor(this, bias), new Factor(up, upBias));
        TensorMemory.Each(_panels_PI64.shape[0], count * _inputs, panel =>
        {
            var first = (nint)panel * Columns;
            Panel(from, count, _inputs, own.From(first, _inputs), other.From(first, _inputs), Math.Min(Columns, _outputs - first), to + first, _outputs);
        });
        GC.KeepAlive(this);
        GC.KeepAlive(bias);
        GC.KeepAlive(up);
        GC.KeepAlive(upBias);
        return y;
    }

    /// <summary>All rows by one panel of each matrix.</summary>
    [SkipLocalsInit]
    private static void Panel(float* x, nint rows, nint inputs, Factor own, Factor other, nint columns, float* y, nint stride)
    {
        var room = stackalloc byte[(2 * Rows * Columns * sizeof(float)) + Line];
        var sums = (float*)(((nint)room + Line - 1) & -Line);
        var otherSums = sums + (Rows * Columns);
        for (nint first = 0; first < rows; first += Rows)
        {
            var count = Math.Min(Rows, rows - first);
            for (nint start = 0; start < inputs; start += Depth)
            {
                // What comes next: the part of the panel behind this one, its first part again for other rows, or the next panel, which stands behind this one.
                var depth = Math.Min(Depth, inputs - start);
                var next = start + depth < inputs || first + count == rows ? start + depth : 0;
                var from = x + (first * inputs) + start;
                Sum(from, count, inputs, own.Numbers, start, depth, next, sums);
                if (other.Numbers is not null)
                {
                    Sum(from, count, inputs, other.Numbers, start, depth, next, otherSums);
                }
            }

            var to = y + (first * stride);
            if (other.Numbers is null)
            {
                Write(sums, own.Bias, count, columns, to, stride);
            }
            else
            {
                WriteGated(sums, own.Bias, otherSums, other.Bias, count, columns, to, stride);
            }
        }
    }

    /// <summary>Some rows by a part of a panel, tile by tile, each of which asks for its share of the next part.</summary>
    private static void Sum(float* x, nint rows, nint stride, float* panel, nint start, nint depth, nint next, float* sums)
    {
        var step = (Columns * sizeof(float) / Math.Max(rows / TileKernel.Rows, 1)) + 1;
        var ahead = (byte*)(panel + (next * Columns));
        for (nint row = 0, count; row < rows; row += count, ahead += step * depth)
        {
            count = TileKernel.Next(rows - row);
            TileKernel.Tile(
                count, x + (row * stride), stride, panel + (start * Columns), Columns, depth, sums + (row * Columns), Columns, goesOn: start > 0, new(ahead, step));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(float* tile, float* bias, nint rows, nint columns, float* y, nint stride)
    {
        for (nint row = 0; row < rows; row++, tile += Columns, y += stride)
        {
            for (nint i = 0; i < columns; i += 16)
            {
                Put(Product(tile, bias, i, columns), y + i, columns - i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteGated(float* tile, float* bias, float* otherTile, float* otherBias, nint rows, nint columns, float* y, nint stride)
    {
        for (nint row = 0; row < rows; row++, tile += Columns, otherTile += Columns, y += stride)
        {
            for (nint i = 0; i < columns; i += 16)
            {
                var gate = Product(tile, bias, i, columns);
                Put(gate * Exponential.Sigmoid(gate) * Product(otherTile, otherBias, i, columns), y + i, columns - i);
            }
        }
    }

    /// <summary>16 sums of a tile's row from i on, with their bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Product(float* tile, float* bias, nint i, nint columns) =>
        bias is null ? Vector512.Load(tile + i) : Vector512.Load(tile + i) + Get(bias + i, columns - i);

    /// <summary>Up to 16 numbers; 0 for those that are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Get(float* from, nint count)
    {
        if (count >= 16)
        {
            return Vector512.Load(from);
        }

        var some = Vector512<float>.Zero;
        for (var i = 0; i < count; i++)
        {
            some = some.WithElement(i, from[i]);
        }

        return some;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> numbers, float* to, nint count)
    {
        if (count >= 16)
        {
            numbers.Store(to);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            to[i] = numbers[i];
        }
    }

    /// <summary>What a product is by: panels and what is added, from an output on; nothing where there is no matrix.</summary>
    private readonly struct Factor
    {
        public Factor(PanelMatrix? matrix, Tensor? bias)
        {
            Numbers = matrix is null ? null : (float*)TensorMemory.First(matrix._panels_PI64);
            Bias = bias is null ? null : (float*)TensorMemory.First(bias);
        }

        private Factor(float* numbers, float* bias)
        {
            Numbers = numbers;
            Bias = bias;
        }

        public float* Numbers { get; }

        public float* Bias { get; }

        public Factor From(nint output, nint inputs) => new(Numbers is null ? null : Numbers + (output * inputs), Bias is null ? null : Bias + output);
    }
}
