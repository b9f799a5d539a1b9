using System.Reflection;
using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The folder with libtorch's native libraries, used where it is and never copied (490 MB). Looked for in this order:
/// <code>
/// $SEER_LIBTORCH                                                              the user says so
/// ~/.seer/backends/cpu/native-folder.txt                                      found or restored before
/// ~/.nuget/packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native   a restore of any project brought it
/// dotnet restore                                                              once, see BackendRestore
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

    /// <summary>Looks in the places above, in that order.</summary>
    /// <exception cref="InputException">It is nowhere and can't be fetched.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return HoldsLibTorch(chosen)
                ? Path.GetFullPath(chosen)
                : throw new InputException($"There is no {FileOf("torch_cpu")} in the folder that {Variable} names.", chosen, $"Name the folder with libtorch {Version}'s libraries, or unset {Variable}.");
        }

        return BackendRestore.Remembered()
            ?? Existing(In(UserFolders.Packages))
            ?? BackendRestore.Run();
    }

    /// <summary>The native folder of the package in a packages folder.</summary>
    public static string In(string packagesFolder) => Path.Combine(packagesFolder, Package, Version, "runtimes", Rid, "native");

    /// <summary>The folder itself where it holds libtorch.</summary>
    public static string? Existing(string folder) => HoldsLibTorch(folder) ? folder : null;

    /// <summary>"torch_cpu" -> "libtorch_cpu.so".</summary>
    public static string FileOf(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    private static bool HoldsLibTorch(string folder) => File.Exists(Path.Combine(folder, FileOf("torch_cpu")));
}
