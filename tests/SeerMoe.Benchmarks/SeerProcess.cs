using System.Diagnostics;
using System.Globalization;

namespace SeerMoe.Benchmarks;

/// <summary>A command of the tool in a process of its own.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="PeakBytes">VmHWM: the most that was resident, pages of mapped files included; as it was seen last, a few milliseconds before the end.</param>
/// <param name="Output">Its stdout.</param>
internal sealed record SeerProcess(double Seconds, long PeakBytes, string Output)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    /// <exception cref="InvalidOperationException">It failed; carries what it said.</exception>
    public static SeerProcess Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "dotnet-seer.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        while (!process.WaitForExit(BetweenLooks))
        {
            peak = Math.Max(peak, Peak(process.Id));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        return process.ExitCode == 0
            ? new SeerProcess(seconds, peak, said.Result[0])
            : throw new InvalidOperationException($"seer {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{string.Concat(said.Result)}");
    }

    private static long Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}
