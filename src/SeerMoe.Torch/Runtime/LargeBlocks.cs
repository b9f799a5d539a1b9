using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Where libtorch's tensors above 256 KiB lie. It asks glibc for blocks at multiples of 64 bytes; glibc takes 96 bytes more than the block to find such a place and
/// cuts them off. A block that was given back is too small then for the next of its size, so the heap grows, and pass after pass is written to memory that was
/// never touched. Here an ordinary block of a multiple of 64 bytes is tried first: between others of that kind it lies right. And the heap is
/// marked for pages of 2 MiB.
/// <code>
/// mid-size Mixtral, count of 4 x 512 tokens, float32     page faults     kernel, ms     the pass, ms
///   glibc's blocks                                       7,000-30,000    60-530         550-730
///   these                                                50              10             500
/// </code>
/// On Linux, x64, with glibc's allocator; elsewhere libtorch asks as before.
/// </summary>
internal static unsafe class LargeBlocks
{
    private const int Smallest = 256 << 10;
    private const int Line = 64;

    // What glibc keeps of each block for its size.
    private const int Header = 8;

    private const int HugePage = 2 << 20;

    // mman.h
    private const int AdviseHugePages = 14;

    private static delegate* unmanaged<void**, nuint, nuint, int> _aligned;
    private static delegate* unmanaged<nuint, void*> _malloc;
    private static delegate* unmanaged<void*, void> _free;
    private static delegate* unmanaged<nint, nint> _sbrk;
    private static delegate* unmanaged<nint, nuint, int, int> _madvise;
    private static nint _heapStart;
    private static nint _marked;

    /// <summary>Whether libtorch's blocks come from here.</summary>
    public static bool IsOn { get; private set; }

    /// <param name="library">libc10 as dlopen gave it.</param>
    public static void Begin(nint library)
    {
        if (ImportedFunction.Find("posix_memalign", library) is not { } allocation
            || !OfGlibc("posix_memalign", out var aligned) || !OfGlibc("malloc", out var malloc) || !OfGlibc("free", out var free)
            || !LibC.TryFind("sbrk", out var sbrk) || !LibC.TryFind("madvise", out var madvise))
        {
            return;
        }

        _aligned = (delegate* unmanaged<void**, nuint, nuint, int>)aligned;
        _malloc = (delegate* unmanaged<nuint, void*>)malloc;
        _free = (delegate* unmanaged<void*, void>)free;
        _sbrk = (delegate* unmanaged<nint, nint>)sbrk;
        _madvise = (delegate* unmanaged<nint, nuint, int, int>)madvise;
        _heapStart = _marked = _sbrk(0);
        IsOn = MachineCode.Make(Code(aligned, (nint)(delegate* unmanaged<void**, nuint, nuint, int>)&Allocate)) is var code and not 0 && allocation.Redirect(code);
    }

    /// <summary>Whether the process has no other allocator before glibc's: what is given here is freed by libtorch.</summary>
    private static bool OfGlibc(string function, out nint address) =>
        LibC.TryFind(function, out address) && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out var used) && used == address;

    /// <summary>Small blocks go straight to glibc.</summary>
    private static byte[] Code(long aligned, long allocate) =>
    [
        0x48, 0x81, 0xfa, .. BitConverter.GetBytes(Smallest), //        cmp rdx, 256 Ki
        0x48, 0xb8, .. BitConverter.GetBytes(aligned),        //        mov rax, posix_memalign
        0x72, 0x0a,                                           //        jb  there
        0x48, 0xb8, .. BitConverter.GetBytes(allocate),       //        mov rax, Allocate
        0xff, 0xe0,                                           // there: jmp rax
    ];

    /// <summary>posix_memalign(3).</summary>
    [UnmanagedCallersOnly]
    private static int Allocate(void** block, nuint alignment, nuint bytes)
    {
        // With its header a multiple of 64, so that the next block lies like this one.
        var whole = ((bytes + Header + Line - 1) & ~(nuint)(Line - 1)) - Header;
        if (whole < bytes)
        {
            return _aligned(block, alignment, bytes);
        }

        var tried = _malloc(whole);
        if (tried is not null && (nuint)tried % alignment == 0)
        {
            *block = tried;
        }
        else
        {
            _free(tried);
            if (_aligned(block, alignment, whole) is var error and not 0)
            {
                return error;
            }
        }

        MarkForHugePages((nint)(*block), (nint)whole);
        return 0;
    }

    /// <summary>The heap once, as far as it reaches; blocks outside it (very large ones, those of other threads) each time.</summary>
    private static void MarkForHugePages(nint block, nint bytes)
    {
        if (block >= _heapStart && block + bytes <= _marked)
        {
            return;
        }

        var heapEnd = _sbrk(0);
        if (block >= _heapStart && block < heapEnd)
        {
            Advise(_marked & ~(nint)(HugePage - 1), heapEnd);
            _marked = heapEnd;
        }
        else if (bytes >= 2 * HugePage)
        {
            Advise(block, block + bytes);
        }
    }

    private static void Advise(nint start, nint end)
    {
        var (first, last) = ((start + HugePage - 1) & ~(nint)(HugePage - 1), end & ~(nint)(HugePage - 1));
        if (last > first)
        {
            _madvise(first, (nuint)(last - first), AdviseHugePages);
        }
    }
}
