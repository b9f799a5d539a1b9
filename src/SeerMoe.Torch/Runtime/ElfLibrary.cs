using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The few tables of a 64-bit little-endian ELF shared library that say which symbol versions it needs from others (System V gABI
/// and the LSB symbol versioning chapter):
/// <code>
/// .gnu.version_r   Verneed "libstdc++.so.6" -> Vernaux "GLIBCXX_3.4.32", other = 18, flags = 0 -> Vernaux ...
/// .gnu.version     [ .. 18 .. ]     one number a dynamic symbol, the Vernaux' "other"
/// .dynsym          [ .. sym .. ]    its name is an offset into .dynstr
/// </code>
/// </summary>
internal sealed class ElfLibrary
{
    private const uint DynamicSymbols = 11;
    private const uint VersionsNeeded = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const int SectionHeaderBytes = 64;
    private const int SymbolBytes = 24;

    private readonly byte[] _bytes;
    private readonly List<Section> _sections = [];

    /// <summary>Reads the table of sections.</summary>
    /// <exception cref="InvalidDataException">Not a 64-bit little-endian ELF file, or a table that leaves it.</exception>
    public ElfLibrary(byte[] bytes)
    {
        _bytes = bytes;
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        if (!bytes.AsSpan().StartsWith(magic))
        {
            throw new InvalidDataException("It is not a 64-bit little-endian ELF file.");
        }

        var table = U64(0x28);
        var entryBytes = U16(0x3a);
        for (var i = 0; i < U16(0x3c); i++)
        {
            var at = table + (i * entryBytes);
            var header = At(at, SectionHeaderBytes);
            _sections.Add(new(
                Type: BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
                Start: BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
                Bytes: BinaryPrimitives.ReadInt64LittleEndian(header[32..]),
                Link: BinaryPrimitives.ReadUInt32LittleEndian(header[40..])));
        }
    }

    /// <summary>Finds a version that is needed from another library.</summary>
    public bool TryFind(string version, [NotNullWhen(true)] out NeededVersion? needed)
    {
        needed = null;
        if (Find(VersionsNeeded) is not { } section)
        {
            return false;
        }

        for (long need = section.Start, nextNeed = -1; nextNeed != 0; need += nextNeed)
        {
            nextNeed = U32(need + 12);
            for (long entry = need + U32(need + 8), nextEntry = -1; nextEntry != 0; entry += nextEntry)
            {
                nextEntry = U32(entry + 12);
                if (Text(section, U32(entry + 8)) == version)
                {
                    needed = new(Index: U16(entry + 6), FlagsAt: entry + 4, Flags: U16(entry + 4));
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The names of the dynamic symbols that carry a version.</summary>
    public IEnumerable<string> SymbolsOf(NeededVersion version)
    {
        if (Find(DynamicSymbols) is not { } symbols || Find(SymbolVersions) is not { } versions)
        {
            throw new InvalidDataException("It has no table of symbol versions.");
        }

        const int hiddenBit = 0x8000;
        for (long i = 0; i < symbols.Bytes / SymbolBytes; i++)
        {
            if ((U16(versions.Start + (2 * i)) & ~hiddenBit) == version.Index)
            {
                yield return Text(symbols, U32(symbols.Start + (SymbolBytes * i)));
            }
        }
    }

    /// <summary>A string of the table that a section is linked to.</summary>
    private string Text(Section section, long offset)
    {
        if (section.Link >= _sections.Count)
        {
            throw new InvalidDataException("A section is linked to a table that is not there.");
        }

        var start = _sections[(int)section.Link].Start + offset;
        _ = At(start, 1);
        var rest = _bytes.AsSpan((int)start);
        var length = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(length < 0 ? rest : rest[..length]);
    }

    private Section? Find(uint type) => _sections.Find(section => section.Type == type);

    private ushort U16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(At(at, 2));

    private uint U32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(At(at, 4));

    private long U64(long at) => BinaryPrimitives.ReadInt64LittleEndian(At(at, 8));

    private ReadOnlySpan<byte> At(long at, int count) =>
        at >= 0 && at <= _bytes.Length - count
            ? _bytes.AsSpan((int)at, count)
            : throw new InvalidDataException("It ends before one of its tables.");

    private sealed record Section(uint Type, long Start, long Bytes, uint Link);
}

/// <summary>One Elf64_Vernaux: the number that symbols of this version carry, and where in the file its flags are.</summary>
internal sealed record NeededVersion(ushort Index, long FlagsAt, ushort Flags);
