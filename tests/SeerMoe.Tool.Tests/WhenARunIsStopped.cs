using System.Diagnostics;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>A child process that trains far longer than any test waits, stopped in the middle of it.</summary>
public sealed class WhenARunIsStopped : IDisposable
{
    private const int SigInt = 2;

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder["runs/long/1"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ctrl_C_ends_it_with_130_and_leaves_the_stages_that_are_done()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || IgnoresSigInt(), "Needs a POSIX signal that is not ignored.");
        using var run = await StartedTraining();
        using (var kill = Process.Start("kill", ["-INT", $"{run.Id}"]))
        {
            await kill.WaitForExitAsync(Patience());
        }

        await run.WaitForExitAsync(Patience());

        Assert.Equal(130, run.ExitCode);
        Assert.StartsWith("interrupted: ", await run.StandardError.ReadToEndAsync(Patience()), StringComparison.Ordinal);
        AssertNothingHalfWritten();
        Assert.Equal([".unfinished", "1-count", "events.jsonl", "recipe.yaml"], Directory.EnumerateFileSystemEntries(Run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_kill_leaves_no_lock_and_nothing_half_written_under_its_name()
    {
        using var run = await StartedTraining();
        run.Kill();
        await run.WaitForExitAsync(Patience());

        AssertNothingHalfWritten();
        Seer.Run("verify", Run).AssertRefused("A run without a lock did not finish.", Run, "Run the recipe again");
    }

    /// <summary>What was counted is whole, and what has its final name was there before the training began.</summary>
    private void AssertNothingHalfWritten()
    {
        Assert.False(File.Exists(Path.Combine(Run, "seer.lock.json")));
        Assert.False(Directory.Exists(Path.Combine(Run, "2-regularize")));
        Assert.Equal(0, Seer.Run("inspect", Path.Combine(Run, "1-count")).ExitCode);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(Run, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Run, path)),
            path => path.EndsWith(".safetensors", StringComparison.Ordinal) && !path.StartsWith("1-count", StringComparison.Ordinal) && !path.StartsWith('.'));
    }

    private async Task<Process> StartedTraining()
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4, 5, 6]}\n");
        var recipe = _folder.Write("long.yaml", """
            name: long
            model: model
            allow_overlap: true
            data:
              lines: { path: tokens.jsonl, format: tokens }
            stages:
              - count:      { data: lines }
              - regularize: { data: lines, steps: 100000000, batch: 1 }
            """);
        var start = new ProcessStartInfo("dotnet", [typeof(SeerApp).Assembly.Location, "run", recipe, "--device", "cpu", "--quiet", "--output", _folder["runs"]]) { UseShellExecute = false, RedirectStandardError = true };
        var run = Process.Start(start)!;
        var events = Path.Combine(Run, "events.jsonl");
        for (var patience = Patience(); !patience.IsCancellationRequested && !run.HasExited;)
        {
            if (File.Exists(events) && (await File.ReadAllTextAsync(events, patience)).Contains("\"event\":\"stage started\",\"stage\":\"regularize\"", StringComparison.Ordinal))
            {
                return run;
            }

            await Task.Delay(50, patience);
        }

        run.Kill();
        throw new InvalidOperationException("The training never began.");
    }

    /// <summary>A shell without job control starts its background jobs so, and they pass it on.</summary>
    private static bool IgnoresSigInt()
    {
        var ignored = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(ignored.Split('\t')[1], fromBase: 16) >> (SigInt - 1) & 1) == 1;
    }

    private static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;
}
