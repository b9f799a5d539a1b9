using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SeerMoe.Digests;

/// <summary>What tells an untouched file from a changed one without reading it. A file that is renamed, or linked a second time, keeps it.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="WrittenTicks">UTC time of the last write, ticks of 100 ns.</param>
/// <param name="Inode">Number of the file in its file system; 0 where the system has none to tell.</param>
/// <param name="Device">Number of the file system; 0 likewise.</param>
public readonly record struct FileStamp(long Bytes, long WrittenTicks, ulong Inode, ulong Device)
{
    /// <exception cref="IOException">The file is not there.</exception>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        var (inode, device) = Place.Of(path);
        return new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks, inode, device);
    }

    /// <summary>.NET knows no inodes. `statx` is the one call whose structure is the same on every Linux; elsewhere size and time must do.</summary>
    private static unsafe class Place
    {
        private const int CurrentFolder = -100; // AT_FDCWD
        private const uint InodeWanted = 0x100; // STATX_INO
        private const int StructureBytes = 256;
        private const int InodeAt = 32;
        private const int DeviceAt = 136;

        private static readonly delegate* unmanaged<int, byte*, int, uint, byte*, int> Statx = Find();

        public static (ulong Inode, ulong Device) Of(string path)
        {
            var structure = stackalloc byte[StructureBytes];
            var name = Marshal.StringToCoTaskMemUTF8(path);
            try
            {
                return Statx is not null && Statx(CurrentFolder, (byte*)name, 0, InodeWanted, structure) == 0
                    ? (Number(structure + InodeAt), Number(structure + DeviceAt))
                    : default;
            }
            finally
            {
                Marshal.FreeCoTaskMem(name);
            }
        }

        private static ulong Number(byte* at) => BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(at, sizeof(ulong)));

        private static delegate* unmanaged<int, byte*, int, uint, byte*, int> Find() =>
            LibC.TryFind("statx", out var address)
                ? (delegate* unmanaged<int, byte*, int, uint, byte*, int>)address
                : null;
    }
}
