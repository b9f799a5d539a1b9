using System.Diagnostics;
using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenASweepRunsOnSlurm(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shards_their_sum_and_the_points_give_what_one_machine_gives()
    {
        Assert.SkipWhen(cluster.Absent is not null, cluster.Absent ?? "");
        var recipe = WriteRecipe(shards: 3, "prune.ratio: [0.25, 0.5]", "zip: { prune.criterion: [soft, actual] }");
        var local = Seer.Run("sweep", recipe, "--device", "cpu", "--output", _folder["local"]);
        var slurm = await Tool("sweep", recipe, "--device", "cpu", "--executor", "slurm", "--sbatch", "--comment=\"it's fine\"", "--memory", "2.5", "--output", _folder["a 'cluster' %a"]);

        Assert.Equal("", slurm.ExitCode == 0 ? "" : slurm.Error);
        Assert.Equal((0, 0), (local.ExitCode, slurm.ExitCode));
        var sweep = _folder["a 'cluster' %a/tiny/1"];
        Assert.Equal(File.ReadAllText(_folder["local/tiny/1/sweep.csv"]), File.ReadAllText(Path.Combine(sweep, "sweep.csv")));
        Assert.Equal(["[1,2,3]", "[]", "[1,2,3,4]"], Jobs(sweep).Select(job => job["tasks"]!.ToJsonString()));
        Assert.Equal(Locks(_folder["local/tiny/1"]), Locks(sweep));
        var script = await File.ReadAllTextAsync(Path.Combine(sweep, "slurm", "count-1.sbatch"), TestContext.Current.CancellationToken);
        Assert.Contains("#SBATCH --array=1-3\n", script, StringComparison.Ordinal);
        Assert.Contains("--memory 2.5 \\\n", script, StringComparison.Ordinal);
        Assert.Equal(2.5 * (1L << 30), (double)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(sweep, "launch.json"), TestContext.Current.CancellationToken))!["memory_bytes"]!);
        Assert.Contains("--shard \"${SLURM_ARRAY_TASK_ID}\"/3 \\\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_failed_is_named_with_its_log_and_resume_submits_nothing_else()
    {
        Assert.SkipWhen(cluster.Absent is not null, cluster.Absent ?? "");
        _folder.Write("bad.jsonl", "{\"input_ids\": [1, 99999]}\n");
        var recipe = WriteRecipe(shards: 1, "prune.ratio: [0.25]", "data.scored.path: [tokens.jsonl, bad.jsonl]");
        var failed = await Tool("sweep", recipe, "--device", "cpu", "--executor", "slurm", "--output", _folder["runs"]);

        Assert.Equal(2, failed.ExitCode);
        Assert.Contains("error: point 002 (prune.ratio=0.25, data.scored.path=bad.jsonl): ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("99999", failed.Error, StringComparison.Ordinal);
        Assert.Contains(_folder["runs/tiny/1/slurm/points-2-2.log"], failed.Error, StringComparison.Ordinal);
        Assert.Contains("| 002: ", failed.Output, StringComparison.Ordinal);

        _folder.Write("bad.jsonl", "{\"input_ids\": [1, 2, 3]}\n");
        var resumed = await Tool("sweep", _folder["runs/tiny/1"], "--resume", "--executor", "slurm");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(["[]", "[1,2]", "[2]"], Jobs(_folder["runs/tiny/1"]).Select(job => job["tasks"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_count_that_failed_is_why_its_points_have_nothing()
    {
        Assert.SkipWhen(cluster.Absent is not null, cluster.Absent ?? "");
        var recipe = WriteRecipe(shards: 3, "prune.ratio: [0.25, 0.5]");
        _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 99999]}\n");
        var failed = await Tool("sweep", recipe, "--device", "cpu", "--executor", "slurm", "--output", _folder["runs"]);

        Assert.Equal(2, failed.ExitCode);
        Assert.Contains("error: point 001 (prune.ratio=0.25): count task ", failed.Error, StringComparison.Ordinal);
        Assert.Contains(" ended as FAILED, exit code 2: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("99999", failed.Error, StringComparison.Ordinal);
        Assert.Contains(_folder["runs/tiny/1/slurm/count-1-1.log"], failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_jobs_alone_and_says_how_to_come_back_to_them()
    {
        Assert.SkipWhen(cluster.Absent is not null, cluster.Absent ?? "");
        var recipe = WriteRecipe(shards: 1, "prune.ratio: [0.25, 0.5]");
        using var command = cluster.Begin("dotnet", [typeof(SeerApp).Assembly.Location, "sweep", recipe, "--device", "cpu", "--executor", "slurm", "--quiet", "--output", _folder["runs"]]);
        var jobs = _folder["runs/tiny/1/slurm/jobs.json"];
        while (!File.Exists(jobs) || Jobs(_folder["runs/tiny/1"]).Count < 2)
        {
            Assert.False(command.HasExited);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        using (var kill = Process.Start("kill", ["-INT", $"{command.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await command.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await command.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, command.ExitCode);
        Assert.Contains(" go on without this command; 'scancel ", said, StringComparison.Ordinal);
        Assert.Contains($"go on with: dotnet seer sweep {_folder["runs/tiny/1"]} --resume --executor slurm", said, StringComparison.Ordinal);

        var resumed = await Tool("sweep", recipe, "--device", "cpu", "--resume", "--executor", "slurm", "--output", _folder["runs"]);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(2, Jobs(_folder["runs/tiny/1"]).Count);
    }

    private Task<Seer> Tool(params string[] args) => cluster.Call("dotnet", [typeof(SeerApp).Assembly.Location, .. args]);

    /// <summary>Three batches to count. Each dependency between jobs costs seconds, and shards cost one.</summary>
    private string WriteRecipe(int shards, params string[] axes)
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4, 5, 6]}\n{\"input_ids\": [7, 8, 9]}\n{\"input_ids\": [3, 1, 4, 1, 5]}\n");
        _folder.Write("scored.jsonl", "{\"input_ids\": [2, 7, 1, 8, 2, 8]}\n");
        return _folder.Write("tiny.yaml", $$"""
            name: tiny
            seed: 17
            model: model
            allow_overlap: true
            data:
              lines: { path: tokens.jsonl, format: tokens }
              scored: { path: scored.jsonl, format: tokens }
            stages:
              - count:    { data: lines, batch: 1, shards: {{shards}} }
              - prune:    { criterion: soft, scope: layer }
              - evaluate: { cut: masked, tasks: [scored], compare: [random], random_seeds: 2 }
            sweep:
            {{string.Join('\n', axes.Select(axis => $"  {axis}"))}}
            """);
    }

    private static List<JsonNode> Jobs(string sweep) => [.. JsonNode.Parse(File.ReadAllText(Path.Combine(sweep, "slurm", "jobs.json")))!.AsArray().Select(job => job!)];

    private static List<string> Locks(string sweep) =>
        [.. Directory.EnumerateFiles(Path.Combine(sweep, "points"), "seer.lock.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
}
