using System.Runtime.InteropServices;

namespace SeerMoe.Recipes.Caching;

/// <summary>A second name for a file, which takes no space: .NET has none for it.</summary>
internal static partial class HardLink
{
    /// <summary>Links, or copies where the file system can't link (another disk, FAT, an object store).</summary>
    public static void CreateOrCopy(string existing, string path)
    {
        var linked = OperatingSystem.IsWindows() ? CreateHardLink(path, existing, 0) : Link(existing, path) == 0;
        if (!linked)
        {
            File.Copy(existing, path);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, nint attributes);
}
