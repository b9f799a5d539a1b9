using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Tells glibc's malloc to keep large blocks. By default it maps every block above 32 MiB at its allocation and returns it at its end, so each
/// large temporary of a forward pass is zeroed and faulted in again, page by page.
/// </summary>
internal static unsafe class Malloc
{
    // malloc.h
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    /// <summary>Must come before libtorch's first allocation; does nothing where the C library is not glibc.</summary>
    public static void KeepLargeBlocks()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "mallopt", out var address))
        {
            var mallopt = (delegate* unmanaged<int, int, int>)address;
            mallopt(MmapMax, 0);
            mallopt(TrimThreshold, int.MaxValue);
            mallopt(TopPad, 64 << 20);
        }
    }
}
