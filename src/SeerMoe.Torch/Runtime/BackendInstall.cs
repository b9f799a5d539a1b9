using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Fetches libtorch through NuGet, with the user's own feeds, proxies and credentials, by a small project in ~/.seer/backends/NAME.
/// <code>
/// cpu         dotnet restore    the package is used where it landed in NuGet's folder, nothing is copied
/// cuda-12.8   dotnet publish    it comes in fragments, which the packages' own build targets put together
/// </code>
/// </summary>
public static class BackendInstall
{
    /// <summary>Fetches the backend, or waits for the process that is just doing so. It is not in use before <see cref="Backend.Activate"/>.</summary>
    /// <param name="name">One of <see cref="Backend.Installable"/>.</param>
    /// <param name="tell">Called before what takes long.</param>
    /// <exception cref="InputException">There is no such backend, or the .NET SDK could not fetch it.</exception>
    public static Backend Run(string name, Action<string> tell)
    {
        if (!Backend.Installable.Contains(name))
        {
            throw new InputException(
                $"There is no backend '{name}' for libtorch {Backend.Version}.",
                "dotnet seer backend install",
                $"Install one of {string.Join(", ", Backend.Installable)}; 'dotnet seer backend use PATH' takes libraries of your own.");
        }

        var folder = UserFolders.Backend(name);
        try
        {
            Directory.CreateDirectory(folder);
            using var turn = TakeTurn(Path.Combine(folder, "lock"));
            return Backend.Find(name) ?? Fetch(name, folder, tell);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(name, $"Its folder can't be used: {error.Message}");
        }
    }

    private static Backend Fetch(string name, string folder, Action<string> tell)
    {
        var isCpu = name == Backend.Cpu;
        var package = isCpu ? NativeFolder.Package : $"libtorch-{name}-{NativeFolder.Rid}";
        // As packed for Linux: 128 MB, and about 2.5 GB with CUDA's own libraries.
        tell($"fetching {package} {Backend.Version} through NuGet, about {(isCpu ? "130 MB" : "2.5 GB")}");
        var project = Path.Combine(folder, "backend.csproj");
        var native = Path.Combine(folder, "native");
        AtomicFile.WriteText(project, isCpu ? Project("net10.0", "PackageDownload", package, $"[{Backend.Version}]") : Project("net10.0", "PackageReference", package, Backend.Version));
        CallSdk(name, isCpu ? ["restore", project, "--nologo"] : ["publish", project, "--nologo", "--runtime", NativeFolder.Rid, "--no-self-contained", "--output", native]);
        IEnumerable<string> candidates = isCpu ? PackageFolders(Path.Combine(folder, "obj", "project.assets.json")).Select(NativeFolder.In) : [native];
        var found = candidates.FirstOrDefault(candidate => NativeFolder.Existing(candidate) is not null && (isCpu || NativeFolder.HoldsCuda(candidate)))
            ?? throw Failure(name, "The .NET SDK fetched it without an error, yet its libraries are not where it said.");
        return new Backend(name, found);
    }

    // PackageDownload unpacks a package and adds nothing to any build. The imports keep build files in the folders above out of it.
    private static string Project(string framework, string kind, string package, string version) => $"""
        <Project>
          <PropertyGroup>
            <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
            <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
            <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
          </PropertyGroup>
          <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
          <PropertyGroup>
            <TargetFramework>{framework}</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <{kind} Include="{package}" Version="{version}" />
          </ItemGroup>
          <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
        </Project>

        """;

    private static void CallSdk(string name, string[] arguments)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host, arguments)
        {
            WorkingDirectory = UserFolders.Backend(name),
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
                throw Failure(name, $"'dotnet {arguments[0]}' said: {Gist(output + errors.Result)}");
            }
        }
        catch (Win32Exception error)
        {
            throw Failure(name, $"The .NET SDK's dotnet command can't be started: {error.Message}");
        }
    }

    /// <summary>The errors among what the SDK said, each once and without the path of our project; all of it, on one line, where none is marked.</summary>
    internal static string Gist(string said)
    {
        const string mark = "error ";
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines
            .Where(line => line.Contains(mark, StringComparison.Ordinal))
            .Select(line => line[line.IndexOf(mark, StringComparison.Ordinal)..])
            .Select(line => line.EndsWith(']') && line.LastIndexOf(" [", StringComparison.Ordinal) is var project and > 0 ? line[..project] : line)
            .Distinct()
            .ToList();
        return string.Join("; ", errors.Count > 0 ? errors : lines);
    }

    private static List<string> PackageFolders(string assets)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        return [.. json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
    }

    /// <summary>Waits until no other process fetches: a file that only one may have open.</summary>
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

    private static InputException Failure(string name, string what) => new(
        $"The backend '{name}' (libtorch {Backend.Version} for {NativeFolder.Rid}) could not be installed. {what}",
        UserFolders.Backend(name),
        "Make its package reachable for NuGet (a feed, a proxy, space on the disk) and try again; 'dotnet seer backend use PATH' takes libraries that are here already.");
}
