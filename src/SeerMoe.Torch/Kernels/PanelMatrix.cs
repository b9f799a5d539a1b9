using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SeerMoe.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// A matrix in panels of 64 outputs, each of which is read from its first number to its last for every few rows that it is multiplied by.
/// <code>
/// W [out, in]       panel 0: w[0, 0] ... w[63, 0]   w[0, 1] ... w[63, 1]   ...   panel 1: w[64, 0] ...       of bfloat16 two inputs at a time
/// </code>
/// While a part of a panel is used, the next one is fetched. Each row has the same bits whatever stands beside it.
/// </summary>
/// <typeparam name="TStored">Of the size of one number.</typeparam>
/// <typeparam name="TFormat">What it means.</typeparam>
/// <typeparam name="TTile">How it is multiplied.</typeparam>
internal sealed unsafe class PanelMatrix<TStored, TFormat, TTile> : PackedMatrix
    where TStored : unmanaged
    where TFormat : INumberFormat<TStored>
    where TTile : IPanelTile<TStored>
{
    private const int Columns = TileKernel.Columns;

    // So many rows go through a part of a panel of so many bytes together: both, and the part that comes next, have room in a core's second cache.
    private const int Rows = 16 * TileKernel.Rows;
    private const int PartBytes = 128 << 10;

    /// <summary>Bytes of a cache line.</summary>
    private const int Line = 64;

    private readonly Tensor _panels_PI64;
    private readonly nint _inputs;
    private readonly nint _outputs;

    /// <param name="weight">[out, in], copied, of a number of inputs that a panel can have. What is missing in the last panel is 0.</param>
    public PanelMatrix(Tensor weight)
    {
        using var whole = weight.contiguous();
        (_outputs, _inputs) = ((nint)whole.shape[0], (nint)whole.shape[1]);
        var panels = (_outputs + Columns - 1) / Columns;
        _panels_PI64 = empty([panels, _inputs, Columns], whole.dtype, whole.device).DetachFromDisposeScope();

        var from = (TStored*)TensorMemory.First(whole);
        var to = (TStored*)TensorMemory.First(_panels_PI64);
        TensorMemory.Each(panels, _inputs * Columns, panel =>
        {
            var first = (nint)panel * Columns;
            TTile.PutColumns(from + (first * _inputs), _inputs, Math.Min(Columns, _outputs - first), _inputs, to + (first * _inputs));
        });
        GC.KeepAlive(whole);
    }

    public override bool WantsFewShapes => false;

    /// <summary>Inputs of a part of a panel.</summary>
    private static nint Depth => PartBytes / Columns / sizeof(TStored);

    public override Tensor Of(Tensor x, Tensor? bias)
    {
        var y = Empty(x);
        Into(x, bias, y);
        return y;
    }

    public override void Into(Tensor x, Tensor? bias, Tensor y) => Run(x, bias, null, null, y);

    public override Tensor SwiGlu(Tensor x, Tensor? bias, PackedMatrix up, Tensor? upBias)
    {
        var y = Empty(x);
        Run(x, bias, (PanelMatrix<TStored, TFormat, TTile>)up, upBias, y);
        return y;
    }

    public override void Dispose() => _panels_PI64.Dispose();

    private Tensor Empty(Tensor x) => empty([.. x.shape[..^1], _outputs], x.dtype, x.device);

    /// <summary>W x + b or, with another matrix U, silu(W x + b) * (U x + c).</summary>
    private void Run(Tensor x, Tensor? bias, PanelMatrix<TStored, TFormat, TTile>? up, Tensor? upBias, Tensor y)
    {
        Check(x.shape[^1] == _inputs && x.dtype == _panels_PI64.dtype && x.device_type == DeviceType.CPU, nameof(x));
        Check(up is null || (up._inputs == _inputs && up._outputs == _outputs), nameof(up));
        Check(IsBias(bias), nameof(bias));
        Check(IsBias(upBias), nameof(upBias));
        Check(y.numel() * _inputs == x.numel() * _outputs && y.shape[^1] == _outputs && y.dtype == x.dtype && y.is_contiguous(), nameof(y));
        using var rows_MI = x.contiguous();
        var from = (TStored*)TensorMemory.First(rows_MI);
        var to = (TStored*)TensorMemory.First(y);
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
        GC.KeepAlive(y);
    }

    private bool IsBias(Tensor? bias) => bias is null || (bias.numel() == _outputs && bias.dtype == _panels_PI64.dtype && bias.is_contiguous());

    /// <summary>What is not so would be read, or written, beyond its end.</summary>
    private void Check(bool fits, string what)
    {
        if (!fits)
        {
            throw new ArgumentException($"It does not fit a matrix of {_inputs} inputs and {_outputs} outputs in {_panels_PI64.dtype}.", what);
        }
    }

    /// <summary>All rows by one panel of each matrix.</summary>
    [SkipLocalsInit]
    private static void Panel(TStored* x, nint rows, nint inputs, Factor own, Factor other, nint columns, TStored* y, nint stride)
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
    private static void Sum(TStored* x, nint rows, nint stride, TStored* panel, nint start, nint depth, nint next, float* sums)
    {
        // A step of a tile goes through 256 bytes of the panel.
        var steps = depth * sizeof(TStored) / sizeof(float);
        var bytes = (Columns * sizeof(float) / Math.Max(rows / TileKernel.Rows, 1)) + 1;
        var ahead = (byte*)(panel + (next * Columns));
        for (nint row = 0, count; row < rows; row += count, ahead += steps * bytes)
        {
            count = TTile.Next(rows - row);
            TTile.Run(count, x + (row * stride), stride, panel + (start * Columns), depth, sums + (row * Columns), Columns, goesOn: start > 0, new(ahead, bytes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(float* sums, TStored* bias, nint rows, nint columns, TStored* y, nint stride)
    {
        for (nint row = 0; row < rows; row++, sums += Columns, y += stride)
        {
            for (nint i = 0; i < columns; i += 16)
            {
                Put(Product(sums, bias, i, columns), y + i, columns - i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteGated(float* sums, TStored* bias, float* otherSums, TStored* otherBias, nint rows, nint columns, TStored* y, nint stride)
    {
        for (nint row = 0; row < rows; row++, sums += Columns, otherSums += Columns, y += stride)
        {
            for (nint i = 0; i < columns; i += 16)
            {
                var gate = Product(sums, bias, i, columns);
                Put(gate * Exponential.Sigmoid(gate) * Product(otherSums, otherBias, i, columns), y + i, columns - i);
            }
        }
    }

    /// <summary>16 sums of a row from i on, with their bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Product(float* sums, TStored* bias, nint i, nint columns) =>
        bias is null ? Vector512.Load(sums + i) : Vector512.Load(sums + i) + Get(bias + i, columns - i);

    /// <summary>Up to 16 numbers; 0 for those that are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Get(TStored* from, nint count)
    {
        if (count >= 16)
        {
            return TFormat.Read16(from);
        }

        var some = Vector512<float>.Zero;
        for (var i = 0; i < count; i++)
        {
            some = some.WithElement(i, TFormat.Read(from + i));
        }

        return some;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> numbers, TStored* to, nint count)
    {
        if (count >= 16)
        {
            TFormat.Write16(numbers, to);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            TFormat.Write(numbers[i], to + i);
        }
    }

    /// <summary>What a product is by: panels and what is added, from an output on; nothing where there is no matrix.</summary>
    private readonly struct Factor
    {
        public Factor(PanelMatrix<TStored, TFormat, TTile>? matrix, Tensor? bias)
        {
            Numbers = matrix is null ? null : (TStored*)TensorMemory.First(matrix._panels_PI64);
            Bias = bias is null ? null : (TStored*)TensorMemory.First(bias);
        }

        private Factor(TStored* numbers, TStored* bias)
        {
            Numbers = numbers;
            Bias = bias;
        }

        public TStored* Numbers { get; }

        public TStored* Bias { get; }

        public Factor From(nint output, nint inputs) => new(Numbers is null ? null : Numbers + (output * inputs), Bias is null ? null : Bias + output);
    }
}
