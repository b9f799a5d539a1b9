using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Fetches libtorch once through NuGet, with the user's own feeds, proxies and credentials: a small project in ~/.seer/backends/cpu that
/// asks for the package is restored, and the folder it landed in is remembered. Nothing is copied: 0.8 s where NuGet has it already.
/// </summary>
internal static class BackendRestore
{
    /// <summary>Two lines: the folder, and the libtorch version in it.</summary>
    public static string MemoryFile => Path.Combine(UserFolders.CpuBackend, "native-folder.txt");

    /// <summary>The folder found last time, where it still holds libtorch and was of the same version.</summary>
    public static string? Remembered(string memoryFile)
    {
        var lines = File.Exists(memoryFile) ? File.ReadAllLines(memoryFile) : [];
        return lines is [var folder, var version, ..] && version == NativeFolder.Version ? NativeFolder.Existing(folder) : null;
    }

    /// <summary>Restores the package, or waits for the process that is just doing so, and gives the folder.</summary>
    /// <exception cref="InputException">The restore failed.</exception>
    public static string Run()
    {
        try
        {
            Directory.CreateDirectory(UserFolders.CpuBackend);
            using var turn = TakeTurn(Path.Combine(UserFolders.CpuBackend, "lock"));
            return Remembered(MemoryFile) ?? Fetch(UserFolders.CpuBackend);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure($"Its folder can't be used: {error.Message}");
        }
    }

    private static string Fetch(string folder)
    {
        // 128 MB is the packed size of the Linux package.
        Console.Error.WriteLine($"libtorch {NativeFolder.Version} is not on this machine yet: fetching {NativeFolder.Package} through NuGet, about 130 MB, once.");
        var project = Path.Combine(folder, "backend.csproj");
        AtomicFile.WriteText(project, Project());
        Restore(project);
        var found = PackageFolders(Path.Combine(folder, "obj", "project.assets.json"))
            .Select(packages => NativeFolder.Existing(NativeFolder.In(packages)))
            .FirstOrDefault(native => native is not null)
            ?? throw Failure("dotnet restore succeeded, yet the package is in none of NuGet's folders.");
        AtomicFile.WriteText(MemoryFile, $"{found}\n{NativeFolder.Version}\n");
        return found;
    }

    // PackageDownload unpacks a package and adds nothing to any build. The imports keep build files in the folders above out of it.
    private static string Project() => $"""
        <Project>
          <PropertyGroup>
            <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
            <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
            <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
          </PropertyGroup>
          <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <PackageDownload Include="{NativeFolder.Package}" Version="[{NativeFolder.Version}]" />
          </ItemGroup>
          <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
        </Project>

        """;

    private static void Restore(string project)
    {
        var start = new ProcessStartInfo
        {
            FileName = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet",
            ArgumentList = { "restore", project, "--nologo" },
            WorkingDirectory = Path.GetDirectoryName(project)!,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw Failure($"dotnet restore failed: {(output + errors.Result).Trim()}");
            }
        }
        catch (Win32Exception error)
        {
            throw Failure($"The .NET SDK's dotnet command can't be started: {error.Message}");
        }
    }

    private static List<string> PackageFolders(string assets)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        return [.. json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
    }

    /// <summary>Waits until no other process restores: a file that only one may have open.</summary>
    private static FileStream TakeTurn(string path)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsTaken(error) && waiting.Elapsed < TimeSpan.FromMinutes(30))
            {
                Thread.Sleep(200);
            }
        }
    }

    /// <summary>EAGAIN of Linux and macOS, ERROR_SHARING_VIOLATION of Windows; anything else would not pass by waiting.</summary>
    private static bool IsTaken(IOException error) => (error.HResult & 0xffff) is 11 or 35 or 32;

    private static InputException Failure(string what) => new(
        $"libtorch {NativeFolder.Version} could not be fetched. {what}",
        UserFolders.CpuBackend,
        $"Make {NativeFolder.Package} {NativeFolder.Version} reachable for NuGet (a feed, a proxy), or unpack it and name its runtimes/{NativeFolder.Rid}/native folder in {NativeFolder.Variable}.");
}
