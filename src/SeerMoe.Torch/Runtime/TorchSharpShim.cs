using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SeerMoe.Torch.Runtime;

/// <summary>TorchSharp's own native library, which stands between its managed code and libtorch: found beside the application and loaded.</summary>
internal static class TorchSharpShim
{
    private static readonly string FileName = NativeFolder.FileOf("LibTorchSharp");

    /// <summary>Loads it; libtorch must be loaded already. Later loads by name find this one, because its soname is the same.</summary>
    public static nint Load()
    {
        var path = Find();
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error) when (error.Message.Contains(GlibcxxPatch.Version, StringComparison.Ordinal))
        {
            return NativeLibrary.Load(PatchedCopy(path));
        }
    }

    /// <summary>Its path beside the application.</summary>
    public static string Find()
    {
        // Where the host probes for a packed tool, then both layouts of a build output.
        var probed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] folders = [.. probed, AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", NativeFolder.Rid, "native")];
        return folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists)
            ?? throw new InputException($"TorchSharp's native library {FileName} is not beside the program.", AppContext.BaseDirectory, "Install the tool again.");
    }

    private static string PatchedCopy(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var copy = Path.Combine(UserFolders.Cache, "native", Convert.ToHexStringLower(SHA256.HashData(bytes)), FileName);
        if (File.Exists(copy))
        {
            return copy;
        }

        try
        {
            GlibcxxPatch.Apply(bytes);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            AtomicFile.WriteBytes(copy, bytes);
            return copy;
        }
        catch (InvalidDataException error)
        {
            throw new InputException(
                $"The C++ library of this system is older than TorchSharp needs ({GlibcxxPatch.Version}), and that can't be bridged: {error.Message}",
                path,
                "Use a system with libstdc++ of GCC 13.2 or newer.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"TorchSharp's native library needs an adapted copy on this system, and that can't be written: {error.Message}",
                copy,
                "Make the folder writable, or name another cache folder in XDG_CACHE_HOME.",
                error);
        }
    }
}
