using System.Runtime.InteropServices;

namespace SeerMoe;

/// <summary>The C library of Linux, for the few calls that .NET has no word for. Where there is no glibc there are none.</summary>
public static class LibC
{
    /// <summary>Whether it has a function, and where.</summary>
    public static bool TryFind(string function, out nint address)
    {
        address = 0;
        return OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, function, out address);
    }
}
