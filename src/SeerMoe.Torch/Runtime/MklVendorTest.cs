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

    // elf.h
    private const long StringTable = 5;
    private const long SymbolTable = 6;
    private const long PltRelocationBytes = 2;
    private const long PltRelocations = 23;
    private const int JumpSlot = 7;

    private const int PageBytes = 4096;
    private const int ReadWrite = 3;

    /// <summary>Whether MKL would take a slower path than the processor has.</summary>
    public static bool IsWanted => OperatingSystem.IsLinux() && Avx512F.IsSupported && Vendor() == "AuthenticAMD";

    /// <summary>Whether the answer stands.</summary>
    public static bool IsAnswered { get; private set; }

    /// <param name="library">libtorch_cpu as dlopen gave it; glibc's handle is its link_map.</param>
    public static void Answer(nint library)
    {
        if (!IsWanted || !NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "mprotect", out var mprotect)
            || SlotOf(Question, (LinkMap*)library) is not (not null and var slot))
        {
            return;
        }

        // Where relocations were made read-only after loading (RELRO), writing needs leave.
        var page = (nint)slot & ~(PageBytes - 1);
        if (((delegate* unmanaged<nint, nuint, int, int>)mprotect)(page, PageBytes, ReadWrite) == 0)
        {
            *slot = (nint)(delegate* unmanaged<int>)&Yes;
            IsAnswered = true;
        }
    }

    /// <summary>The entry that calls of a function go through; null where the library imports no such function.</summary>
    private static nint* SlotOf(string function, LinkMap* map)
    {
        byte* strings = null;
        Symbol* symbols = null;
        Relocation* relocations = null;
        long bytes = 0;
        for (var entry = map->Dynamic; entry->Tag != 0; entry++)
        {
            switch (entry->Tag)
            {
                case StringTable: strings = (byte*)entry->Value; break;
                case SymbolTable: symbols = (Symbol*)entry->Value; break;
                case PltRelocations: relocations = (Relocation*)entry->Value; break;
                case PltRelocationBytes: bytes = entry->Value; break;
            }
        }

        ReadOnlySpan<byte> name = Encoding.ASCII.GetBytes(function);
        for (var i = 0; i < bytes / sizeof(Relocation); i++)
        {
            var (kind, symbol) = ((int)relocations[i].Info, (int)(relocations[i].Info >> 32));
            if (kind == JumpSlot && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(strings + symbols[symbol].Name).SequenceEqual(name))
            {
                return (nint*)(map->Base + relocations[i].Offset);
            }
        }

        return null;
    }

    private static string Vendor()
    {
        var (_, first, third, second) = X86Base.CpuId(0, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([first, second, third]));
    }

    [UnmanagedCallersOnly]
    private static int Yes() => 1;

    // link.h and elf.h, 64-bit; glibc has made the addresses absolute.
    [StructLayout(LayoutKind.Sequential)]
    private struct LinkMap
    {
        public nint Base;
        public byte* Name;
        public Entry* Dynamic;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public long Tag;
        public nint Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Symbol
    {
        public uint Name;
        public uint Attributes;
        public nint Value;
        public long Size;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Relocation
    {
        public nint Offset;
        public long Info;
        public long Addend;
    }
}
