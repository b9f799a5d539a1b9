using System.Reflection;
using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The folder with libtorch's native libraries, used where it is and never copied (490 MB). Looked for in this order:
/// <code>
/// $SEER_LIBTORCH                                                              the user says so
/// ~/.seer/backends/NAME/native-folder.txt                                     of the backend in use, see Backend
/// ~/.nuget/packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native   of cpu: a restore of any project brought it
/// </code>
/// </summary>
internal static class NativeFolder
{
    public const string Variable = "SEER_LIBTORCH";

    /// <summary>The libtorch version that this TorchSharp was built against.</summary>
    public static string Version { get; } = typeof(NativeFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "LibTorchVersion").Value!;

    /// <summary>The runtime identifier in the names of libtorch's packages.</summary>
    public static string Rid => (OperatingSystem.IsLinux(), OperatingSystem.IsWindows(), OperatingSystem.IsMacOS(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, _, _, Architecture.X64) => "linux-x64",
        (_, true, _, Architecture.X64) => "win-x64",
        (_, _, true, Architecture.Arm64) => "osx-arm64",
        _ => throw new InputException(
            "There is no libtorch package for this kind of machine.",
            RuntimeInformation.RuntimeIdentifier,
            "Run this command on Linux x64, Windows x64 or macOS arm64; --help, plan, inspect, prune and verify need no libtorch."),
    };

    /// <summary>The package that carries libtorch for this machine.</summary>
    public static string Package => $"libtorch-cpu-{Rid}";

    /// <summary>Whether the user's environment decides, and not the backend in use.</summary>
    public static bool IsChosenByVariable => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>Looks in the places above, in that order.</summary>
    /// <exception cref="InputException">It is in none of them.</exception>
    public static string Find() => Installed() ?? throw Absent(Backend.ActiveName);

    /// <summary>The same, or null where it is in none of them.</summary>
    /// <exception cref="InputException">The variable names a folder without libtorch.</exception>
    public static string? Installed() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? Chosen(chosen) : Backend.Find(Backend.ActiveName)?.Folder;

    /// <summary>What is in the package that some restore brought into NuGet's own folder.</summary>
    public static string? Restored() => Existing(In(UserFolders.Packages));

    /// <summary>The folder that a file of two lines names, where it still holds libtorch and was of the same version.</summary>
    public static string? Remembered(string memoryFile)
    {
        var lines = File.Exists(memoryFile) ? File.ReadAllLines(memoryFile) : [];
        return lines is [var folder, var version, ..] && version == Version ? Existing(folder) : null;
    }

    /// <summary>The folder that the user names.</summary>
    /// <exception cref="InputException">libtorch is not in it.</exception>
    public static string Chosen(string folder) =>
        Existing(Path.GetFullPath(folder)) ?? throw new InputException(
            $"There is no {FileOf("torch_cpu")} in the folder that {Variable} names.",
            folder,
            $"Name the folder with the libraries of libtorch {Version}, or unset {Variable}.");

    /// <summary>The native folder of the package in a packages folder.</summary>
    public static string In(string packagesFolder) => Path.Combine(packagesFolder, Package, Version, "runtimes", Rid, "native");

    /// <summary>The folder itself where it holds libtorch.</summary>
    public static string? Existing(string folder) => Holds(folder, "torch_cpu") ? folder : null;

    /// <summary>Whether it is a CUDA build.</summary>
    public static bool HoldsCuda(string folder) => Holds(folder, "torch_cuda");

    /// <summary>"torch_cpu" -> "libtorch_cpu.so".</summary>
    public static string FileOf(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static InputException Absent(string name) => new(
        $"The backend '{name}' (libtorch {Version} for {Rid}), which this command computes with, is not on this machine.",
        UserFolders.Backend(name),
        name == Backend.Path ? "Name its folder again: dotnet seer backend use PATH" : $"Install it: dotnet seer backend install {name}");

    private static bool Holds(string folder, string library) => File.Exists(Path.Combine(folder, FileOf(library)));
}
