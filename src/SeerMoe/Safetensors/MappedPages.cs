using System.Runtime.InteropServices;

namespace SeerMoe.Safetensors;

/// <summary>
/// Tells the system what is done with the pages of mapped tensors. Pages that were touched count as this process' memory for as long as
/// they are mapped, whether they are needed or not. Does nothing where the system is not Linux: there the system decides alone.
/// </summary>
public static partial class MappedPages
{
    // madvise(2)
    private const int WillNeed = 3;
    private const int DontNeed = 4;

    /// <summary>Reads the tensor from the disk into the system's cache; none of it counts as this process' memory yet.</summary>
    public static void Fetch(TensorView view) => Advise(view, WillNeed);

    /// <summary>Gives the tensor's pages back. They stay in the system's cache while there is room, and come again when they are touched.</summary>
    public static void Release(TensorView view) => Advise(view, DontNeed);

    private static void Advise(TensorView view, int advice)
    {
        if (OperatingSystem.IsLinux() && view.ByteCount > 0)
        {
            // Whole pages: what a neighbour has on the first and last one is read again when it is touched. Advice may fail without harm.
            var start = view.Address & ~(nint)(Environment.SystemPageSize - 1);
            _ = MAdvise(start, (nuint)(view.Address - start + (nint)view.ByteCount), advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(nint address, nuint length, int advice);
}
