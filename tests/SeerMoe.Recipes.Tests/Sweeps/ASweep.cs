using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Tests.Sweeps;

public sealed class ASweep : IDisposable
{
    private readonly TinySweep _sweep = new();

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void Leaves_a_run_for_each_point_as_if_it_had_run_alone()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        var table = TinySweep.Run(folder, plan);

        Assert.Equal(0, table.ExitCode);
        foreach (var point in plan.Points)
        {
            var inSweep = folder.FolderOf(point.Point);
            Assert.Empty(RunVerifier.Verify(inSweep).Findings);
            var alone = Runner.Run(point.Plan, _sweep["alone"]).Folder;
            Assert.Equal(File.ReadAllText(Path.Combine(alone, LockFile.Name)), File.ReadAllText(Path.Combine(inSweep, LockFile.Name)));
        }
    }

    [Fact]
    public void Counts_once_for_every_point()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        var work = SweepWork.Of(folder, plan);
        Assert.Null(PointRun.Count(work, plan.Points));

        // What no count of these data would give.
        var counts = folder.CountOf(plan.Points[0].Count!);
        var counted = StatisticsFile.Read(counts);
        StatisticsFile.Write(counts, counted.Add(counted));
        work.Cache.Add(plan.Points[0].Count!.Key, counts, [.. HashedFile.Below(counts, counts)]);
        var doubled = File.ReadAllBytes(Path.Combine(counts, "statistics.safetensors"));
        var statistics = plan.Points.Select(point =>
        {
            PointRun.Run(folder, point, work.Cache);
            return File.ReadAllBytes(Path.Combine(folder.FolderOf(point.Point), "1-count", "statistics.safetensors"));
        }).ToList();

        Assert.Single(Directory.EnumerateDirectories(folder.Counts));
        Assert.Single(work.ByCount);
        Assert.All(statistics, bytes => Assert.Equal(doubled, bytes));
    }

    [Fact]
    public void Counts_again_where_what_was_counted_was_changed_since()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        Assert.Null(PointRun.Count(SweepWork.Of(folder, plan), plan.Points));
        var counts = folder.CountOf(plan.Points[0].Count!);
        var counted = StatisticsFile.Read(counts);
        StatisticsFile.Write(counts, counted.Add(counted));

        TinySweep.Run(folder, plan);

        Assert.Equal(counted.Tokens, StatisticsFile.Read(counts).Tokens);
        Assert.All(plan.Points, point => Assert.Equal(counted.Tokens, StatisticsFile.Read(Path.Combine(folder.FolderOf(point.Point), "1-count")).Tokens));
    }

    [Fact]
    public void Of_one_criterion_has_nested_plans()
    {
        var plan = _sweep.Plan("prune.ratio=0.25,0.5");
        var folder = _sweep.Create(plan);
        TinySweep.Run(folder, plan);
        PrunePlan PlanOf(int point) => PrunePlanFile.Read(Path.Combine(folder.FolderOf(plan.Points[point].Point), "2-prune", "prune-plan.json"));

        foreach (var (quarter, half) in new[] { (0, 1), (2, 3) }.SelectMany(pair => PlanOf(pair.Item1).Layers.Zip(PlanOf(pair.Item2).Layers)))
        {
            Assert.Subset(quarter.Survivors.ToHashSet(), half.Survivors.ToHashSet());
            Assert.True(half.Survivors.Length < quarter.Survivors.Length);
        }
    }

    [Fact]
    public void Gives_the_same_table_with_several_jobs()
    {
        var plan = _sweep.Plan();
        var (one, three) = (_sweep.Create(plan), _sweep.Create(plan, "with a cache of its own"));

        Assert.Equal(SweepFiles.Csv(TinySweep.Run(one, plan)), SweepFiles.Csv(TinySweep.Run(three, plan, new LocalExecutor(3))));
    }

    [Fact]
    public void Goes_on_when_a_point_fails_and_says_so_at_the_end()
    {
        var plan = WithAPointThatFails();
        var folder = _sweep.Create(plan);
        var table = TinySweep.Run(folder, plan);

        Assert.Equal([0, 2, 0], table.Rows.Select(row => row.Failure?.ExitCode ?? 0));
        Assert.Equal(2, table.ExitCode);
        Assert.Contains("9999", table.Rows[1].Failure!.Error, StringComparison.Ordinal);
        Assert.Contains($"002: {table.Rows[1].Failure!.Error}", SweepFiles.Markdown(table), StringComparison.Ordinal);
        Assert.False(folder.IsDone(plan.Points[1].Point));
    }

    [Fact]
    public void Resumes_with_what_is_missing_and_leaves_what_is_done_alone()
    {
        var plan = WithAPointThatFails();
        var folder = _sweep.Create(plan);
        TinySweep.Run(folder, plan);
        var done = File.GetLastWriteTimeUtc(Path.Combine(folder.FolderOf(plan.Points[0].Point), LockFile.Name));

        File.WriteAllText(_sweep["data/other.jsonl"], "{\"input_ids\": [1, 2, 3]}\n");
        var again = SweepFolder.Open(folder.Path);
        var mended = SweepPlanner.Plan(again.Recipe, TinyProject.Cpu);
        Assert.Equal(["002"], SweepWork.Of(again, mended).Waiting.Select(point => point.Name));
        var table = TinySweep.Run(again, mended);

        Assert.Equal(0, table.ExitCode);
        Assert.Equal(done, File.GetLastWriteTimeUtc(Path.Combine(folder.FolderOf(plan.Points[0].Point), LockFile.Name)));
    }

    [Fact]
    public void Goes_on_inside_a_point_that_was_stopped()
    {
        var plan = _sweep.Plan("prune.ratio=0.5");
        var folder = _sweep.Create(plan);
        Assert.Throws<OperationCanceledException>(() => new LocalExecutor().Run(SweepWork.Of(folder, plan), new StopsIn("3-evaluate"), CancellationToken.None));
        var pruned = Path.Combine(folder.FolderOf(plan.Points[0].Point), "2-prune", "prune-plan.json");
        var written = File.GetLastWriteTimeUtc(pruned);

        var table = TinySweep.Run(folder, plan);

        Assert.Equal(0, table.ExitCode);
        Assert.Equal(written, File.GetLastWriteTimeUtc(pruned));
        Assert.Single(File.ReadLines(Path.Combine(folder.FolderOf(plan.Points[0].Point), RunEvents.Name)), line => line.Contains("\"prune\"", StringComparison.Ordinal) && line.Contains("started", StringComparison.Ordinal));
    }

    [Fact]
    public void Begins_a_point_anew_whose_input_was_changed_since()
    {
        var plan = _sweep.Plan("prune.ratio=0.5");
        var folder = _sweep.Create(plan);
        Assert.Throws<OperationCanceledException>(() => new LocalExecutor().Run(SweepWork.Of(folder, plan), new StopsIn("3-evaluate"), CancellationToken.None));

        File.AppendAllText(_sweep["data/text.txt"], "More of it.\n");
        var changed = _sweep.Plan("prune.ratio=0.5");

        Assert.Equal(0, TinySweep.Run(folder, changed).ExitCode);
        Assert.All(changed.Points, point => Assert.Empty(RunVerifier.Verify(folder.FolderOf(point.Point)).Findings));
    }

    [Fact]
    public void Is_frozen_when_it_starts()
    {
        var plan = _sweep.Plan("prune.ratio=0.25,0.5");
        var folder = _sweep.Create(plan);
        _sweep.Write(TinySweep.Recipe.Replace("soft", "random", StringComparison.Ordinal));

        Assert.Equal(plan.Points.Select(point => point.Point.File.Recipe), SweepFolder.Open(folder.Path).Recipe.Points.Select(point => point.File.Recipe));
        Assert.Equal(folder.Path, SweepFolder.Newest(_sweep["runs"], plan.File)?.Path);
        Assert.Null(SweepFolder.Newest(_sweep["runs"], _sweep.Plan("prune.ratio=0.25,0.5").File));
    }

    [Fact]
    public void Is_refused_at_once_where_a_point_cannot_work()
    {
        _sweep.Write(TinySweep.Recipe.Replace("prune.ratio: [0.25, 0.5]", "prune.keep: [2, 3, 9]", StringComparison.Ordinal));

        var fault = Assert.Single(Assert.Throws<RecipeException>(() => _sweep.Plan()).Diagnostics);

        Assert.Equal((14, 22), (fault.Place!.Line, fault.Place.Column));
        Assert.Contains("9 experts are to be kept", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_shards_gives_the_same_bytes_as_a_run_in_shards()
    {
        var plan = _sweep.Plan("count.shards=3", "prune.ratio=0.5");
        var folder = _sweep.Create(plan);
        TinySweep.Run(folder, plan);

        Assert.All(plan.Points, point => Assert.Empty(RunVerifier.Verify(folder.FolderOf(point.Point)).Findings));
        Assert.NotEqual(_sweep.Plan().Points[0].Count!.Key, plan.Points[0].Count!.Key);
    }

    [Fact]
    public void Shows_in_its_plan_what_points_share()
    {
        var text = SweepPlanText.Of(_sweep.Plan()).Split('\n');

        Assert.Equal("ratios: a sweep of 4 points, on cpu in float32", text[0]);
        Assert.Equal("001  prune.criterion=soft, prune.ratio=0.25", text[2]);
        Assert.Equal("004  prune.criterion=actual, prune.ratio=0.5", text[17]);
        Assert.EndsWith("  the same as above", text[18], StringComparison.Ordinal);
        Assert.EndsWith("  rank by actual, layer scope; drop 0.5 of the experts", text[19], StringComparison.Ordinal);
    }

    [Fact]
    public void That_is_stopped_stops_all_of_its_jobs()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => new LocalExecutor(2).Run(SweepWork.Of(folder, plan), progress: null, stop.Token));
        Assert.Equal(4, SweepWork.Of(folder, plan).Waiting.Length);
    }

    private sealed class StopsIn(string stage) : IProgress<Progress>
    {
        public void Report(Progress value)
        {
            if (value.What.Contains(stage, StringComparison.Ordinal))
            {
                throw new OperationCanceledException();
            }
        }
    }

    /// <summary>The second of three evaluates a token that the model does not know, which no plan can see.</summary>
    private SweepPlan WithAPointThatFails()
    {
        File.WriteAllText(_sweep["data/other.jsonl"], "{\"input_ids\": [1, 9999]}\n");
        _sweep.Write(TinySweep.Recipe
            .Replace("  text: { path: data/text.txt }", "  text: { path: data/tokens.jsonl, format: tokens }", StringComparison.Ordinal)
            .Replace("prune.criterion: [soft, actual]\n  prune.ratio: [0.25, 0.5]", "zip:\n    prune.ratio: [0.25, 0.5, 0.5]\n    data.text.path: [data/tokens.jsonl, data/other.jsonl, data/tokens.jsonl]\n    prune.criterion: [soft, soft, actual]", StringComparison.Ordinal));
        return _sweep.Plan();
    }
}
