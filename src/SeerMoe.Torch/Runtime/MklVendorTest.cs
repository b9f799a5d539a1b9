using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Lets MKL, which libtorch multiplies float32 matrices with, use the AVX-512 that an AMD processor has: it asks for the vendor and takes its
/// AVX2 path for any but Intel. The question is a call through libtorch's table of imported functions, so that any library may answer it
/// (ELF symbol interposition); here the entry is pointed at an answer of our own, before the first multiplication.
/// <code>
/// 2048 x 2048 x 2048 float32, two cores of an AMD EPYC, GFLOP/s     asked 204     answered 424
/// </code>
/// </summary>
internal static unsafe class MklVendorTest
{
    private const string Question = "mkl_serv_intel_cpu_true";

    /// <summary>Whether MKL would take a slower path than the processor has.</summary>
    public static bool IsWanted => OperatingSystem.IsLinux() && Avx512F.IsSupported && Vendor() == "AuthenticAMD";

    /// <summary>Whether the answer stands.</summary>
    public static bool IsAnswered { get; private set; }

    /// <param name="library">libtorch_cpu as dlopen gave it.</param>
    public static void Answer(nint library)
    {
        IsAnswered = IsWanted && ImportedFunction.Find(Question, library) is { } question && question.Redirect((nint)(delegate* unmanaged<int>)&Yes);
    }

    private static string Vendor()
    {
        var (_, first, third, second) = X86Base.CpuId(0, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([first, second, third]));
    }

    [UnmanagedCallersOnly]
    private static int Yes() => 1;
}
