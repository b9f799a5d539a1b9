using System.Diagnostics;

namespace SeerMoe.Benchmarks;

/// <summary>Every benchmark in a process of its own, one after the other, and at the end all ratios in one table.</summary>
internal sealed class AllBenchmarks(IReadOnlyList<IBenchmark> benchmarks) : IBenchmark
{
    public string Name => "all";

    public string What => "every benchmark, and one table of their ratios; half an hour on an idle machine";

    public int Run(string[] arguments)
    {
        var rows = new List<string>();
        var failed = 0;
        foreach (var benchmark in benchmarks)
        {
            Console.WriteLine($"\n## {benchmark.Name}: {benchmark.What}\n");
            failed += Gather(benchmark.Name, rows) == 0 ? 0 : 1;
        }

        Ratios.Print(rows);
        return failed;
    }

    private static int Gather(string benchmark, List<string> rows)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(AllBenchmarks).Assembly.Location, benchmark]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var gathered = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Console.WriteLine(line);
            if (gathered && line.StartsWith("| ", StringComparison.Ordinal))
            {
                rows.Add(line);
            }

            gathered |= line == Ratios.Heading;
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
