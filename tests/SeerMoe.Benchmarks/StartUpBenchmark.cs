using System.Diagnostics;
using System.Globalization;

namespace SeerMoe.Benchmarks;

/// <summary>From the start of the process to its end, beside a program that only says hello: what a user waits for before anything is done.</summary>
internal sealed class StartUpBenchmark : IBenchmark
{
    private const int Rounds = 15;

    public string Name => "startup";

    public string What => "--help, --version and inspect beside a bare .NET hello world; [FOLDER] of an installed or published tool";

    public int Run(string[] arguments)
    {
        var root = Directory.CreateTempSubdirectory("seer-startup-").FullName;
        try
        {
            var hello = Hello(root);
            var tool = Path.Combine(arguments is [var folder, ..] ? folder : SharedFolder.InRepository("src", "SeerMoe.Tool", "bin", "Release", "net10.0"), "dotnet-seer.dll");
            Console.WriteLine(FormattableString.Invariant($"{tool}; medians of {Rounds} rounds in turns"));
            Console.WriteLine();
            Console.WriteLine("| command | ms | hello, ms | ratio |");
            Console.WriteLine("|---|--:|--:|--:|");
            var ratios = new Ratios();
            foreach (var command in (string[][])[["--help"], ["--version"], ["run", "--help"], ["inspect", SharedFolder.InRepository("examples", "tiny-moe")]])
            {
                var (ours, theirs) = SideBySide.Medians(Rounds, () => Start([tool, .. command]), () => Start([hello]));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {string.Join(' ', command.Select(Path.GetFileName))} | {ours.TotalMilliseconds:F0} | {theirs.TotalMilliseconds:F0} | {ours / theirs:F2} |"));
                ratios.Add($"{string.Join(' ', command.Select(Path.GetFileName))} beside hello world", ours / theirs, command is ["--help"] ? "at most 1.5" : "");
            }

            ratios.Print();
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Hello(string root)
    {
        File.WriteAllText(
            Path.Combine(root, "hello.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(root, "Program.cs"), "System.Console.WriteLine(\"hello\");");
        Start(["build", Path.Combine(root, "hello.csproj"), "-c", "Release", "-o", Path.Combine(root, "out"), "--nologo"]);
        return Path.Combine(root, "out", "hello.dll");
    }

    private static void Start(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{errors.Result}");
        }
    }
}
