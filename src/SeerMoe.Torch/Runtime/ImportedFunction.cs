using System.Runtime.InteropServices;
using System.Text;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A function that a loaded library takes from another one, and the entry of its table (System V gABI, JUMP_SLOT) that every call of it goes
/// through: any library may serve it, and so may we.
/// </summary>
internal sealed unsafe class ImportedFunction
{
    // elf.h
    private const long StringTable = 5;
    private const long SymbolTable = 6;
    private const long PltRelocationBytes = 2;
    private const long PltRelocations = 23;
    private const int JumpSlot = 7;

    private const int PageBytes = 4096;
    private const int ReadWrite = 3;

    private readonly nint* _slot;

    private ImportedFunction(nint* slot) => _slot = slot;

    /// <summary>Null where the library imports no such function, or the system is not Linux on x64.</summary>
    /// <param name="library">As dlopen gave it: the handle is its link_map.</param>
    public static ImportedFunction? Find(string function, nint library)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return null;
        }

        byte* strings = null;
        Symbol* symbols = null;
        Relocation* relocations = null;
        long bytes = 0;
        var map = (LinkMap*)library;
        for (var entry = map->Dynamic; entry->Tag != 0; entry++)
        {
            switch (entry->Tag)
            {
                case StringTable: strings = (byte*)Absolute(entry->Value); break;
                case SymbolTable: symbols = (Symbol*)Absolute(entry->Value); break;
                case PltRelocations: relocations = (Relocation*)Absolute(entry->Value); break;
                case PltRelocationBytes: bytes = entry->Value; break;
            }
        }

        ReadOnlySpan<byte> name = Encoding.ASCII.GetBytes(function);
        for (var i = 0; i < bytes / sizeof(Relocation); i++)
        {
            var (kind, symbol) = ((int)relocations[i].Info, (int)(relocations[i].Info >> 32));
            if (kind == JumpSlot && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(strings + symbols[symbol].Name).SequenceEqual(name))
            {
                return new ImportedFunction((nint*)(map->Base + relocations[i].Offset));
            }
        }

        return null;

        // glibc has added the library's place to its addresses, musl has not.
        nint Absolute(nint address) => address < map->Base ? address + map->Base : address;
    }

    /// <summary>Lets another function serve every later call; whether it could.</summary>
    public bool Redirect(nint function)
    {
        // Where relocations were made read-only after loading (RELRO), writing needs leave.
        var page = (nint)_slot & ~(PageBytes - 1);
        if (!LibC.TryFind("mprotect", out var mprotect) || ((delegate* unmanaged<nint, nuint, int, int>)mprotect)(page, PageBytes, ReadWrite) != 0)
        {
            return false;
        }

        Volatile.Write(ref *_slot, function);
        return true;
    }

    // link.h and elf.h, 64-bit
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
