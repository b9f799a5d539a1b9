using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Rows that become columns, 16 by 16 numbers at a time: blocks of 8, then of 4, 2 and 1 are exchanged across the diagonal (Eklundh, 1972), each by one
/// permutation of two registers for each row.
/// </summary>
internal static unsafe class TransposeKernel
{
    private const int Size = 16;

    // For each size of block, where the numbers of the upper and of the lower row come from: 0 to 15 the upper one, 16 to 31 the lower.
    private static readonly Vector512<int>[] Upper = [.. Blocks.Select(block => Choice(j => (j & block) == 0 ? j : Size + (j ^ block)))];
    private static readonly Vector512<int>[] Lower = [.. Blocks.Select(block => Choice(j => (j & block) == 0 ? j ^ block : Size + j))];

    private static IEnumerable<int> Blocks => [8, 4, 2, 1];

    /// <summary>Words of 32 bits [rows, columns] to [columns, 64], of at most 64 rows; 0 where there is none.</summary>
    /// <param name="from">The first word.</param>
    /// <param name="stride">Bytes from a row to the next.</param>
    /// <param name="rows">Of what stands there.</param>
    /// <param name="columns">Of it.</param>
    /// <param name="to">The first word of the result.</param>
    public static void Turn(byte* from, nint stride, nint rows, nint columns, uint* to)
    {
        if (rows < TileKernel.Columns)
        {
            new Span<uint>(to, (int)(columns * TileKernel.Columns)).Clear();
        }

        Turn(from, stride, rows, columns, to, TileKernel.Columns);
    }

    /// <summary>Any number of rows to rows so far apart; what lies between them stays as it is.</summary>
    /// <param name="apart">Words from a row of the result to the next.</param>
    /// <inheritdoc cref="Turn(byte*, nint, nint, nint, uint*)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(byte* from, nint stride, nint rows, nint columns, uint* to, nint apart)
    {
        for (nint i = 0; i < rows; i += Size)
        {
            for (nint j = 0; j < columns; j += Size)
            {
                var source = from + (i * stride) + (j * sizeof(uint));
                var target = to + (j * apart) + i;
                if (i + Size <= rows && j + Size <= columns)
                {
                    Square(source, stride, target, apart);
                }
                else
                {
                    Rest(source, stride, Math.Min(Size, rows - i), Math.Min(Size, columns - j), target, apart);
                }
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square(byte* from, nint stride, uint* to, nint apart)
    {
        var square = stackalloc Vector512<int>[Size];
        for (nint i = 0; i < Size; i++)
        {
            square[i] = Vector512.Load((int*)(from + (i * stride)));
        }

        for (var (stage, block) = (0, Size / 2); block > 0; stage++, block /= 2)
        {
            var (upper, lower) = (Upper[stage], Lower[stage]);
            for (var pair = 0; pair < Size / 2; pair++)
            {
                // The pair's number with a 0 put in at the block's bit.
                var i = ((pair & -block) << 1) | (pair & (block - 1));
                var (a, b) = (square[i], square[i + block]);
                square[i] = Avx512F.PermuteVar16x32x2(a, upper, b);
                square[i + block] = Avx512F.PermuteVar16x32x2(a, lower, b);
            }
        }

        for (nint i = 0; i < Size; i++)
        {
            square[i].Store((int*)to + (i * apart));
        }
    }

    private static void Rest(byte* from, nint stride, nint rows, nint columns, uint* to, nint apart)
    {
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++)
            {
                to[(j * apart) + i] = ((uint*)(from + (i * stride)))[j];
            }
        }
    }

    private static Vector512<int> Choice(Func<int, int> of) => Vector512.Create([.. Enumerable.Range(0, Size).Select(of)]);
}
