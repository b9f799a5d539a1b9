using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SeerMoe;

/// <summary>A piece of a file, copied into another: by the kernel where it can (no byte enters this process), else in large pieces.</summary>
public static partial class FileRange
{
    // Large enough that a system call is nothing beside the copy, small enough that an interruption is heard soon and whoever follows is not far behind.
    private const int KernelBytes = 64 << 20;
    private const int PieceBytes = 8 << 20;

    // fcntl.h
    private const int WillNeed = 3;
    private const uint StartWriting = 2;

    /// <summary>Bytes of a range are the same on both sides afterwards.</summary>
    /// <param name="reached">Told after each piece how many bytes are there; null for nobody.</param>
    /// <exception cref="OperationCanceledException">Interrupted between two pieces.</exception>
    /// <exception cref="EndOfStreamException">The source is shorter than the range.</exception>
    public static void Copy(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length, CancellationToken interrupted = default, Action<long>? reached = null)
    {
        var done = OperatingSystem.IsLinux() ? CopyInKernel(from, fromOffset, to, toOffset, length, interrupted, reached) : 0;
        if (done == length)
        {
            return;
        }

        var piece = GC.AllocateUninitializedArray<byte>((int)Math.Min(PieceBytes, length - done));
        while (done < length)
        {
            interrupted.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(from, piece.AsSpan(0, (int)Math.Min(piece.Length, length - done)), fromOffset + done);
            if (read == 0)
            {
                throw new EndOfStreamException("The file ended within a range that was to be copied.");
            }

            RandomAccess.Write(to, piece.AsSpan(0, read), toOffset + done);
            done += read;
            reached?.Invoke(done);
        }
    }

    /// <returns>How much was copied: less than all where the file systems can't do it, and on any error, which the plain way then meets and names.</returns>
    private static long CopyInKernel(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length, CancellationToken interrupted, Action<long>? reached)
    {
        var done = 0L;
        while (done < length)
        {
            interrupted.ThrowIfCancellationRequested();
            var (source, target) = (fromOffset + done, toOffset + done);
            _ = Advise(from, source + KernelBytes, (nint)Math.Clamp(length - done - KernelBytes, 0, KernelBytes), WillNeed);
            var copied = CopyFileRange(from, ref source, to, ref target, (nuint)Math.Min(KernelBytes, length - done), 0);
            if (copied <= 0)
            {
                break;
            }

            _ = SyncRange(to, toOffset + done, copied, StartWriting);
            done += copied;
            reached?.Invoke(done);
        }

        return done;
    }

    // The disk is kept busy on both sides while the kernel copies: it reads the piece after this one and writes the piece before. Only hints, so errors don't matter.
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRange(SafeFileHandle from, ref long fromOffset, SafeFileHandle to, ref long toOffset, nuint length, uint flags);
}
