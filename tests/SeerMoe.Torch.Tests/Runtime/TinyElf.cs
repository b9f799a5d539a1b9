using System.Buffers.Binary;
using System.Text;

namespace SeerMoe.Torch.Tests.Runtime;

/// <summary>
/// The smallest shared library that asks another one for a version: no code, four sections.
/// <code>
/// 0x000 header | 0x040 .dynstr | 0x100 .dynsym | 0x180 .gnu.version | 0x1a0 .gnu.version_r | 0x200 section headers
/// </code>
/// </summary>
internal static class TinyElf
{
    public const int VersionIndex = 18;
    public const int FlagsAt = 0x1a0 + 16 + 4;

    /// <summary>Needs one version of libstdc++.so.6, which each of the symbols carries.</summary>
    public static byte[] Needing(string version, params string[] symbols)
    {
        var bytes = new byte[0x200 + (5 * 64)];
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(bytes);
        U64(bytes, 0x28, 0x200); // e_shoff
        U16(bytes, 0x3a, 64);    // e_shentsize
        U16(bytes, 0x3c, 5);     // e_shnum

        var strings = 1;
        int Name(string text)
        {
            var at = strings;
            strings += Encoding.ASCII.GetBytes(text, bytes.AsSpan(0x40 + at)) + 1;
            return at;
        }

        // Symbol 0 is the empty one.
        for (var i = 1; i <= symbols.Length; i++)
        {
            U32(bytes, 0x100 + (24 * i), Name(symbols[i - 1]));
            U16(bytes, 0x180 + (2 * i), VersionIndex);
        }

        U16(bytes, 0x1a0, 1);                            // vn_version
        U16(bytes, 0x1a0 + 2, 1);                        // vn_cnt
        U32(bytes, 0x1a0 + 4, Name("libstdc++.so.6"));   // vn_file
        U32(bytes, 0x1a0 + 8, 16);                       // vn_aux
        U16(bytes, 0x1b0 + 6, VersionIndex);             // vna_other
        U32(bytes, 0x1b0 + 8, Name(version));            // vna_name

        Section(bytes, 1, type: 3, start: 0x40, size: 0xc0, link: 0);
        Section(bytes, 2, type: 11, start: 0x100, size: 24 * (symbols.Length + 1), link: 1);
        Section(bytes, 3, type: 0x6fffffff, start: 0x180, size: 2 * (symbols.Length + 1), link: 2);
        Section(bytes, 4, type: 0x6ffffffe, start: 0x1a0, size: 32, link: 1);
        return bytes;
    }

    private static void Section(byte[] bytes, int index, int type, int start, int size, int link)
    {
        var at = 0x200 + (64 * index);
        U32(bytes, at + 4, type);
        U64(bytes, at + 24, start);
        U64(bytes, at + 32, size);
        U32(bytes, at + 40, link);
    }

    private static void U16(byte[] bytes, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)value);

    private static void U32(byte[] bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);

    private static void U64(byte[] bytes, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
}
