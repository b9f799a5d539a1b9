using SeerMoe.Testing;
using System.Text.Json.Nodes;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Torch;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Tests.Sweeps;

/// <summary>Masked cuts and random controls of all points go through the model with those of the first.</summary>
public sealed class WhenPointsAreMeasuredTogether : IDisposable
{
    private const string Tasks = "tasks: [tokens, text, { task: generation, data: tokens, prompts: 2, prompt_tokens: 4, new_tokens: 6 }]";

    private readonly TinySweep _sweep = new();

    // So that every batch is kept.
    public WhenPointsAreMeasuredTogether()
    {
        Environment.SetEnvironmentVariable("SEER_SAVE_SECONDS", "0");
        _sweep.Write(TinySweep.Recipe
            .Replace("scope: layer", "scope: global", StringComparison.Ordinal)
            .Replace("tasks: [tokens, text]", $"{Tasks}, compare: [base, random], random_seeds: 2", StringComparison.Ordinal));
    }

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void Every_file_is_that_of_a_run_of_its_own()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        Assert.Equal(0, TinySweep.Run(folder, plan).ExitCode);

        foreach (var point in plan.Points)
        {
            AssertSame(Runner.Run(point.Plan, _sweep["alone"]).Folder, folder.FolderOf(point.Point));
        }
    }

    [Fact]
    public void The_first_point_measures_for_all()
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        var told = new Told();
        new LocalExecutor().Run(SweepWork.Of(folder, plan), told, CancellationToken.None);

        // 4 plans, which may agree, and the random controls of 2 ratios, 2 seeds each: the criterion does not change those.
        var masks = Records(folder).Length - 1;
        Assert.InRange(masks, 6, 8);
        Assert.Equal(["001, 3-evaluate: full model", $"001, 3-evaluate: pruned (masked) and {masks - 1} more"], told.Measured);
    }

    [Fact]
    public void Beside_each_other_they_measure_for_themselves_to_the_same_bytes()
    {
        var plan = _sweep.Plan();
        var (one, two) = (_sweep.Create(plan), _sweep.Create(plan, "others"));
        TinySweep.Run(one, plan);
        var told = new Told();
        new LocalExecutor(2).Run(SweepWork.Of(two, plan), told, CancellationToken.None);

        Assert.DoesNotContain(told.Measured, what => what.EndsWith("more", StringComparison.Ordinal));
        Assert.All(plan.Points, point => AssertSame(one.FolderOf(point.Point), two.FolderOf(point.Point)));
    }

    [Fact]
    public void Stopped_again_and_again_they_end_with_the_same_bytes()
    {
        var plan = _sweep.Plan();
        var (whole, stopped) = (_sweep.Create(plan), _sweep.Create(plan, "stopped"));
        TinySweep.Run(whole, plan);
        var stops = 0;
        for (var isDone = false; !isDone;)
        {
            try
            {
                new LocalExecutor().Run(SweepWork.Of(stopped, plan), new StopsAt<Progress>(1 + stops), CancellationToken.None);
                isDone = true;
            }
            catch (OperationCanceledException)
            {
                stops += 3;
            }
        }

        Assert.True(stops > 30, $"{stops} stops");
        Assert.All(plan.Points, point => AssertSame(whole.FolderOf(point.Point), stopped.FolderOf(point.Point)));
    }

    [Theory]
    [InlineData("\"n\": 6", "\"n\": 7")]
    [InlineData("{", "")]
    public void A_measurement_that_was_changed_since_is_made_again(string of, string to)
    {
        var plan = _sweep.Plan();
        var folder = _sweep.Create(plan);
        var cache = SweepWork.Of(folder, plan).Cache;
        var shared = new SharedResults(folder.Path, cache) { Points = [.. plan.Points.Select(point => point.Plan)] };
        Assert.Null(PointRun.Run(folder, plan.Points[0], cache, shared: shared));
        var before = Records(folder);
        foreach (var record in before)
        {
            var text = File.ReadAllText(record);
            var at = text.IndexOf(of, StringComparison.Ordinal);
            File.WriteAllText(record, text[..at] + to + text[(at + of.Length)..]);
        }

        Assert.Equal(0, TinySweep.Run(folder, plan).ExitCode);
        Assert.Equal(before, Records(folder));
        Assert.All(plan.Points, point => AssertSame(Runner.Run(point.Plan, _sweep["alone"]).Folder, folder.FolderOf(point.Point)));
    }

    [Fact]
    public void A_mask_that_fails_leaves_the_others_alone()
    {
        var plan = _sweep.Plan().Points[0].Plan;
        var stage = plan.Stages[^1];
        var shared = _sweep.Create(_sweep.Plan()).Shared(new(_sweep["runs"]));
        var tried = new List<int>();
        EvaluationResult Evaluated(params int[] survivors) => shared.Evaluated((plan, stage), Mask(survivors), [Mask(0, 1), Mask(0, 2)], masks =>
        {
            tried.Add(masks.Count);
            return masks.Count > 1
                ? throw new InputException("The model computes numbers that are not finite.", "a score", "")
                : [new EvaluationResult(new Dictionary<string, TaskResult> { ["tokens"] = new() { N = survivors[1] } }, Footprint: null!)];
        });

        Assert.Equal([1, 2], new[] { Evaluated(0, 1), Evaluated(0, 2) }.Select(result => result.Results["tokens"].N));
        Assert.Equal([2, 1, 1], tried);
    }

    private static PrunePlan Mask(params int[] survivors) => new(null, null, null, null, null, [new LayerPlan(0, null, [.. survivors], null)]);

    private static string[] Records(SweepFolder folder) => [.. Directory.GetFiles(folder.PathOf("evaluations"), "*.json").Order(StringComparer.Ordinal)];

    private static void AssertSame(string expected, string actual)
    {
        Assert.Empty(RunVerifier.Verify(actual).Findings);
        foreach (var file in (string[])[LockFile.Name, "3-evaluate/evaluation.json"])
        {
            Assert.Equal(File.ReadAllText(Path.Combine(expected, file)), File.ReadAllText(Path.Combine(actual, file)));
        }

        var random = JsonNode.Parse(File.ReadAllText(Path.Combine(actual, "3-evaluate/evaluation.json")))!["neighbours"]!["random"]!;
        Assert.Equal(2, random["per_seed"]!.AsArray().Count);
    }

    private sealed class Told : IProgress<Progress>
    {
        private readonly List<string> _what = [];

        /// <summary>"001, 3-evaluate: full model".</summary>
        public IEnumerable<string> Measured => _what
            .Where(what => what.Contains("3-evaluate: requests", StringComparison.Ordinal))
            .Select(what => $"{what[..what.IndexOf(": ", StringComparison.Ordinal)]}: {what.Split(", ")[^1]}")
            .Distinct();

        public void Report(Progress value) => _what.Add(value.What);
    }
}
