using System.Diagnostics;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>Child processes that save after every step, killed wherever they happen to be, and resumed.</summary>
public sealed class WhenARunIsKilled : IDisposable
{
    private const int Kills = 20;
    private const int LongestDelay = 1500;

    private readonly TemporaryFolder _folder = new();
    private readonly string _recipe;

    public WhenARunIsKilled()
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("tokens.jsonl", string.Concat(Enumerable.Range(0, 60).Select(line => $"{{\"input_ids\": [{string.Join(", ", Enumerable.Range(0, 12).Select(i => ((line * 31) + (i * 7)) % 250))}]}}\n")));
        _recipe = _folder.Write("killed.yaml", """
            name: killed
            seed: 17
            model: model
            allow_overlap: true
            data:
              lines: { path: tokens.jsonl, format: tokens }
            stages:
              - count:      { data: lines, batch: 1 }
              - prune:      { criterion: soft, scope: layer, ratio: 0.25 }
              - regularize: { data: lines, steps: 60, batch: 2, top_k: { from: 2, to: 1 } }
              - evaluate:   { tasks: [lines], batch: 2, compare: [base, random], random_seeds: 2 }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Twenty_times_at_random_moments_it_leaves_the_bytes_of_a_run_that_was_never_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill -9.");
        var whole = Seer.Run("run", _recipe, "--device", "cpu", "--output", _folder["whole"]);
        Assert.True(whole.ExitCode == 0, whole.Error);
        var random = new SplitMix64(2026);
        var finished = 0;
        for (int kills = 0, root = 1; kills < Kills || finished == 0;)
        {
            var runs = _folder[$"runs{root}"];
            if (await Finished(runs, kills < Kills ? random.Below(LongestDelay) : null))
            {
                AssertSame(_folder["whole/killed/1"], Path.Combine(runs, "killed", "1"));
                finished++;
                root++;
            }
            else
            {
                kills++;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {finished} runs finished in spite of them");
    }

    /// <summary>Starts or resumes the run; whether it came to its end before it was killed.</summary>
    /// <param name="delay">Milliseconds after it has begun to work; null lets it live.</param>
    private async Task<bool> Finished(string runs, int? delay)
    {
        var unfinished = RunFolder.NewestUnfinished(runs, "killed");
        string[] resume = unfinished is null ? [] : ["--resume"];
        var start = new ProcessStartInfo("dotnet", [typeof(SeerApp).Assembly.Location, "run", _recipe, "--device", "cpu", "--quiet", "--output", runs, .. resume]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SEER_SAVE_SECONDS"] = "0";
        var events = Path.Combine(runs, "killed", "1", RunEvents.Name);
        var before = Length(events);
        using var run = Process.Start(start)!;
        var error = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (delay is not null && !run.HasExited && Length(events) == before)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        if (delay is not { } milliseconds || run.WaitForExit(milliseconds))
        {
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode == 0, await error);
            return true;
        }

        run.Kill(); // SIGKILL
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        return run.ExitCode == 0;
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static void AssertSame(string whole, string run)
    {
        HashedFile[] expected = [.. HashedFile.Below(whole, whole).Where(file => file.Path != RunEvents.Name)];
        Assert.Equal(expected, HashedFile.Below(run, run).Where(file => file.Path != RunEvents.Name));
        Assert.Equal(0, Seer.Run("verify", run).ExitCode);
    }
}
