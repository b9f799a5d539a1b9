using System.Runtime.Intrinsics.X86;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Products of a few rows of bfloat16 by a panel of 64 columns, as <see cref="TileKernel"/>'s of float32, two numbers of a row at a time: the processor adds
/// the products of two pairs to a sum of float32 (AVX512_BF16), which .NET has no word for, so the loop is written in machine code, once for each number of rows.
/// <code>
/// c_ij = sum over pairs k of a_i2k b_j2k + a_i2k+1 b_j2k+1
/// </code>
/// </summary>
internal static unsafe class BFloat16TileKernel
{
    /// <summary>Bytes of four registers: a row of a panel, or of sums.</summary>
    private const int RowBytes = TileKernel.Columns * sizeof(float);
    private const int VectorBytes = 64;
    private const int Vectors = RowBytes / VectorBytes;

    // Registers: sums row by row, then a row of the panel, then pairs of a row of a, four in turn.
    private const int PanelVector = TileKernel.Rows * Vectors;
    private const int PairVector = PanelVector + Vectors;

    // Bits of the processor's answer about its extended features (7, 1: eax bit 5, AVX512_BF16; 7, 0: edx bit 22, AMX-BF16).
    private const int Bf16Bit = 5;
    private const int AmxBit = 22;

    private static readonly nint[] Beginning = Codes(goesOn: false);
    private static readonly nint[] GoingOn = Codes(goesOn: true);

    /// <summary>Whether there is one: Linux, a processor that has the operation and none that is faster (AMX, which oneDNN uses), and a system that lets a process make code.</summary>
    public static bool Serve { get; } = IsFor && Array.TrueForAll([.. Beginning, .. GoingOn], code => code != 0);

    private static bool IsFor => TileKernel.Serve && OperatingSystem.IsLinux() && X86Base.IsSupported && Has(X86Base.CpuId(7, 1).Eax, Bf16Bit) && !Has(X86Base.CpuId(7, 0).Edx, AmxBit);

    /// <summary>Rows of a by a panel b. Up to 20 microseconds for 4,096 pairs, in which no garbage collection begins.</summary>
    /// <param name="rows">One to six.</param>
    /// <param name="a">[rows, 2 pairs]</param>
    /// <param name="strideA">Numbers from a row of a to the next.</param>
    /// <param name="b">[pairs, 64, 2]</param>
    /// <param name="pairs">At least one.</param>
    /// <param name="c">[rows, 64]</param>
    /// <param name="strideC">Numbers from a row of c to the next.</param>
    /// <param name="goesOn">The sums that stand in c go on; otherwise they begin.</param>
    /// <param name="ahead">What is read later than this.</param>
    public static void Tile(nint rows, ushort* a, nint strideA, ushort* b, nint pairs, float* c, nint strideC, bool goesOn, TileKernel.Ahead ahead)
    {
        var given = new Given(a, strideA * sizeof(ushort), b, pairs, c, strideC * sizeof(float), ahead.Next, ahead.Stride);
        ((delegate* unmanaged[SuppressGCTransition]<Given*, void>)(goesOn ? GoingOn : Beginning)[rows - 1])(&given);
    }

    /// <summary>The loop for so many rows.</summary>
    internal static ReadOnlySpan<byte> Code(int rows, bool goesOn)
    {
        const Register A = Register.Rax, StrideA = Register.Rsi, B = Register.Rdx, Pairs = Register.Rcx, C = Register.R8, StrideC = Register.R9;
        const Register Next = Register.R10, Stride = Register.R11, Other = Register.Rdi;
        var code = new VectorCode();
        foreach (var (register, place) in new[] { A, StrideA, B, Pairs, C, StrideC, Next, Stride }.Select((register, place) => (register, place)))
        {
            code.Load(register, new Address(Other, place * sizeof(long)));
        }

        Sums(goesOn ? code.LoadVector : (sum, _) => code.Clear(sum));

        // Other becomes the fourth row of a: three of each can be reached by a stride and twice a stride.
        code.Copy(Other, A);
        code.Add(Other, StrideA);
        code.Add(Other, StrideA);
        code.Add(Other, StrideA);
        var loop = code.Here;
        for (var vector = 0; vector < Vectors; vector++)
        {
            code.LoadVector(PanelVector + vector, new Address(B, vector * VectorBytes));
        }

        for (var row = 0; row < rows; row++)
        {
            var pair = PairVector + (row % 4);
            var first = row < 3 ? A : Other;
            code.Broadcast(pair, row % 3 == 0 ? new Address(first) : new Address(first, 0, StrideA, row % 3));
            for (var vector = 0; vector < Vectors; vector++)
            {
                code.AddProductsOfPairs((row * Vectors) + vector, PanelVector + vector, pair);
            }
        }

        code.Prefetch(new Address(Next));
        code.Add(Next, Stride);
        code.AddNumber(A, 2 * sizeof(ushort));
        code.AddNumber(Other, 2 * sizeof(ushort));
        code.AddNumber(B, RowBytes);
        code.Repeat(Pairs, loop);
        Sums(code.StoreVector);
        code.Return();
        return code.Bytes;

        void Sums(Action<int, Address> act)
        {
            code.Copy(Other, C);
            for (var row = 0; row < rows; row++)
            {
                for (var vector = 0; vector < Vectors; vector++)
                {
                    act((row * Vectors) + vector, new Address(Other, vector * VectorBytes));
                }

                code.Add(Other, StrideC);
            }
        }
    }

    private static nint[] Codes(bool goesOn) =>
        IsFor ? [.. Enumerable.Range(1, TileKernel.Rows).Select(rows => MachineCode.Make(Code(rows, goesOn)))] : [];

    private static bool Has(int bits, int bit) => ((bits >> bit) & 1) == 1;

    /// <summary>What the code reads, in the order in which it stands there.</summary>
    private readonly struct Given(ushort* a, nint strideA, ushort* b, nint pairs, float* c, nint strideC, byte* next, nint stride)
    {
        public readonly ushort* A = a;
        public readonly nint StrideA = strideA;
        public readonly ushort* B = b;
        public readonly nint Pairs = pairs;
        public readonly float* C = c;
        public readonly nint StrideC = strideC;
        public readonly byte* Next = next;
        public readonly nint Stride = stride;
    }
}
