using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Diagnosis;

/// <summary>glibc and libstdc++, on which libtorch's libraries for Linux stand.</summary>
internal static unsafe partial class CLibraries
{
    // What libtorch 2.10.0's libraries for Linux are linked against (their .gnu.version_r): manylinux_2_28.
    private static readonly Version LeastGlibc = new(2, 28);

    public static IEnumerable<Finding> Examine() => OperatingSystem.IsLinux() ? [Glibc(), Libstdcxx()] : [];

    private static Finding Glibc()
    {
        if (!LibC.TryFind("gnu_get_libc_version", out var address))
        {
            return new Finding("glibc", State.Missing, "none: another C library", "libtorch's libraries need glibc: use a distribution that has it.");
        }

        var text = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)address)())!;
        return Version.TryParse(text, out var version) && version >= LeastGlibc
            ? Finding.Ok("glibc", text)
            : new Finding("glibc", State.Missing, text, $"libtorch needs {LeastGlibc} or newer: use a newer distribution.");
    }

    private static Finding Libstdcxx()
    {
        const string subject = "libstdc++";
        const string file = "libstdc++.so.6";
        // .NET's runtime is linked against it, so it is there already, wherever the distribution keeps it.
        var path = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? at : line.Length)..]).FirstOrDefault(path => path.Contains(file, StringComparison.Ordinal));
        if (path is null)
        {
            return new Finding(subject, State.Missing, "none", "libtorch needs it: install the package libstdc++6 (or gcc-libs).");
        }

        var newest = Versions().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(path))).Select(match => Version.Parse(match.Groups["version"].Value)).Max()!;
        var needed = Version.Parse(GlibcxxPatch.Version["GLIBCXX_".Length..]);
        return Finding.Ok(subject, newest >= needed ? $"GLIBCXX_{newest}" : $"GLIBCXX_{newest}; TorchSharp asks for {GlibcxxPatch.Version}, so an adapted copy of its library is used");
    }

    [GeneratedRegex(@"GLIBCXX_(?<version>3\.4\.\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Versions();
}
