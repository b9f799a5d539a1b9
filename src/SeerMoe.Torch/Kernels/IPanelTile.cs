using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeerMoe.Torch.Kernels;

/// <summary>How a few rows are multiplied by a panel, 64 columns whose numbers stand as the processor's operation wants them.</summary>
/// <typeparam name="TStored">Of the size of one number.</typeparam>
internal unsafe interface IPanelTile<TStored>
    where TStored : unmanaged
{
    /// <summary>Rows of the next tile where so many are left, at most <see cref="TileKernel.Rows"/>.</summary>
    static abstract nint Next(nint left);

    /// <summary>c [rows, 64] of a [rows, depth] by a panel [depth, 64].</summary>
    /// <param name="rows">As many as <see cref="Next"/> says.</param>
    /// <inheritdoc cref="TileKernel.Tile"/>
    static abstract void Run(nint rows, TStored* a, nint strideA, TStored* b, nint depth, float* c, nint strideC, bool goesOn, TileKernel.Ahead ahead);

    /// <summary>The next depth that a panel can have.</summary>
    static abstract nint WholeDepth(nint depth);

    /// <summary>Makes a panel of numbers that stand there as [at most 64, depth], of a depth that a panel can have; 0 where there is no column.</summary>
    /// <param name="stride">From a column to the next.</param>
    static abstract void PutColumns(TStored* from, nint stride, nint columns, nint depth, TStored* panel);

    /// <summary>The same of numbers that stand there as [depth, at most 64]; 0 up to a depth that it can have.</summary>
    /// <param name="stride">From a row to the next.</param>
    static abstract void PutRows(TStored* from, nint stride, nint depth, nint columns, TStored* panel);
}

/// <summary>By <see cref="TileKernel"/>. A panel is [depth, 64].</summary>
internal readonly unsafe struct Float32Tile : IPanelTile<float>
{
    public static nint Next(nint left) => TileKernel.Next(left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(nint rows, float* a, nint strideA, float* b, nint depth, float* c, nint strideC, bool goesOn, TileKernel.Ahead ahead) =>
        TileKernel.Tile(rows, a, strideA, b, depth, c, strideC, goesOn, ahead);

    public static nint WholeDepth(nint depth) => depth;

    public static void PutColumns(float* from, nint stride, nint columns, nint depth, float* panel) =>
        TransposeKernel.Turn((byte*)from, stride * sizeof(float), columns, depth, (uint*)panel);

    public static void PutRows(float* from, nint stride, nint depth, nint columns, float* panel)
    {
        for (nint row = 0; row < depth; row++, from += stride, panel += TileKernel.Columns)
        {
            new ReadOnlySpan<float>(from, (int)columns).CopyTo(new Span<float>(panel, TileKernel.Columns));
            new Span<float>(panel + columns, (int)(TileKernel.Columns - columns)).Clear();
        }
    }
}

/// <summary>By <see cref="BFloat16TileKernel"/>. A panel is [depth / 2, 64, 2]: pairs, which are words of 32 bits.</summary>
internal readonly unsafe struct BFloat16Tile : IPanelTile<ushort>
{
    public static nint Next(nint left) => left <= TileKernel.Rows ? left : left < 2 * TileKernel.Rows ? (left + 1) / 2 : TileKernel.Rows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(nint rows, ushort* a, nint strideA, ushort* b, nint depth, float* c, nint strideC, bool goesOn, TileKernel.Ahead ahead) =>
        BFloat16TileKernel.Tile(rows, a, strideA, b, depth / 2, c, strideC, goesOn, ahead);

    public static nint WholeDepth(nint depth) => (depth + 1) / 2 * 2;

    public static void PutColumns(ushort* from, nint stride, nint columns, nint depth, ushort* panel) =>
        TransposeKernel.Turn((byte*)from, stride * sizeof(ushort), columns, depth / 2, (uint*)panel);

    public static void PutRows(ushort* from, nint stride, nint depth, nint columns, ushort* panel)
    {
        var words = (uint*)panel;
        for (nint row = 0; row < depth; row += 2, from += 2 * stride, words += TileKernel.Columns)
        {
            var hasSecond = row + 1 < depth;
            nint i = 0;
            for (; i <= columns - 16; i += 16)
            {
                (Words(from + i) | (hasSecond ? Words(from + stride + i) << 16 : default)).Store(words + i);
            }

            for (; i < columns; i++)
            {
                words[i] = from[i] | (hasSecond ? (uint)from[stride + i] << 16 : 0);
            }

            new Span<uint>(words + columns, (int)(TileKernel.Columns - columns)).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Words(ushort* from)
    {
        var numbers = Vector256.Load(from);
        return Vector512.Create(Vector256.WidenLower(numbers), Vector256.WidenUpper(numbers));
    }
}
