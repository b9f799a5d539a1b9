using System.Buffers.Binary;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Lets TorchSharp's native shim load where libstdc++ is older than GCC 13.2 (Debian 12, Ubuntu 22.04, RHEL 9), by one bit.
/// TorchSharp 0.107.0 was built with GCC 13.2, so its shim needs libstdc++'s version GLIBCXX_3.4.32; Debian 12 ends at 3.4.30.
/// Of the 3,229 dynamic symbols of the shim exactly one carries that version, std::ios_base_library_init(): the header
/// &lt;iostream&gt; mentions it so that a program can't be linked against a libstdc++ that initialises its streams otherwise. It is never
/// called and no relocation refers to it, and the older libraries initialise the streams by themselves. So the need is marked weak:
/// the loader then accepts a libstdc++ without that version. Everything else about the file stays as it is.
/// <code>
/// Vernaux of libstdc++.so.6        hash  flags  other  name
///   before                         ....  0x0    18     GLIBCXX_3.4.32
///   after                          ....  0x2    18     GLIBCXX_3.4.32
/// </code>
/// </summary>
public static class GlibcxxPatch
{
    /// <summary>The version that an older libstdc++ lacks.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>The mangled name of std::ios_base_library_init().</summary>
    public const string HarmlessSymbol = "_ZSt21ios_base_library_initv";

    private const ushort Weak = 0x2;

    /// <summary>Marks the version weak in the bytes of a library.</summary>
    /// <exception cref="InvalidDataException">It is no such library, does not need the version, or needs it for more than that one symbol.</exception>
    public static void Apply(byte[] library)
    {
        var elf = new ElfLibrary(library);
        if (!elf.TryFind(Version, out var needed))
        {
            throw new InvalidDataException($"It does not need {Version}.");
        }

        if (elf.SymbolsOf(needed).FirstOrDefault(symbol => symbol != HarmlessSymbol) is { } symbol)
        {
            throw new InvalidDataException($"It needs {Version} for {symbol} too, and that can't be done without.");
        }

        BinaryPrimitives.WriteUInt16LittleEndian(library.AsSpan((int)needed.FlagsAt), (ushort)(needed.Flags | Weak));
    }
}
