namespace SeerMoe.Torch.Runtime;

/// <summary>A few instructions of x64 made at run time, for what native threads call that the runtime does not know, and some after its end.</summary>
internal static unsafe class MachineCode
{
    // mman.h
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int PrivateAnonymous = 0x22;

    private const int PageBytes = 4096;

    /// <summary>Where they stand, for as long as the process lives; zero where the system lets no process make code.</summary>
    /// <param name="code">At most a page.</param>
    public static nint Make(ReadOnlySpan<byte> code)
    {
        if (!LibC.TryFind("mmap", out var mmap) || !LibC.TryFind("mprotect", out var mprotect))
        {
            return 0;
        }

        var page = ((delegate* unmanaged<nint, nuint, int, int, int, long, nint>)mmap)(0, PageBytes, ReadWrite, PrivateAnonymous, -1, 0);
        if (page == -1)
        {
            return 0;
        }

        code.CopyTo(new Span<byte>((void*)page, PageBytes));
        return ((delegate* unmanaged<nint, nuint, int, int>)mprotect)(page, PageBytes, ReadExecute) == 0 ? page : 0;
    }
}
