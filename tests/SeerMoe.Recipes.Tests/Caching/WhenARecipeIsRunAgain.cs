using SeerMoe.Digests;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Tests.Caching;

public sealed class WhenARecipeIsRunAgain : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Nothing_is_run_and_the_earlier_run_is_the_result()
    {
        var first = Run();
        var again = Run();

        Assert.False(first.WasThere);
        Assert.True(again.WasThere);
        Assert.Equal(first.Folder, again.Folder);
        Assert.Equal(SeerJson.Text(first.Lock), SeerJson.Text(again.Lock));
        Assert.Equal(first.Result<RegularizeResult>(), again.Result<RegularizeResult>());
        Assert.Equal(["1"], Runs());
    }

    [Fact]
    public void A_comment_or_the_order_of_keys_runs_nothing()
    {
        Run();
        var plan = _project.PlanOf(TinyProject.Recipe
            .Replace("# A comment.", "# Another comment.\n", StringComparison.Ordinal)
            .Replace("{ criterion: soft, scope: layer, ratio: 0.25 }", "{ ratio: 0.250, scope: layer, criterion: soft }", StringComparison.Ordinal));

        Assert.True(Run(plan).WasThere);
    }

    [Theory]
    [InlineData("count.batch=3", "")]
    [InlineData("threads=3", "")]
    [InlineData("seed=18", "count")]
    [InlineData("prune.ratio=0.5", "count")]
    [InlineData("regularize.learning_rate=0.001", "count prune")]
    [InlineData("evaluate.limit=2", "count prune regularize")]
    public void An_option_runs_what_depends_on_it_and_the_rest_is_reused(string option, string reused)
    {
        Run();

        AssertReused(reused, Run(_project.Plan(option)));
    }

    [Theory]
    [InlineData("data/counted.jsonl", "")]
    [InlineData("data/tokens.jsonl", "count prune regularize")]
    [InlineData("data/text.txt", "count prune")]
    [InlineData("data/facts.jsonl", "count prune regularize")]
    [InlineData("model/tokenizer.json", "")]
    public void A_byte_of_an_input_runs_what_depends_on_it_and_the_rest_is_reused(string input, string reused)
    {
        Run();
        File.AppendAllText(_project[input], " ");

        AssertReused(reused, Run());
    }

    [Fact]
    public void Another_precision_runs_everything()
    {
        var recipe = TinyProject.Recipe.Replace("  - regularize", "  # - regularize", StringComparison.Ordinal);
        Run(_project.PlanOf(recipe));

        AssertReused("", Run(RunPlanner.Plan(_project.Load(), new Compute(ComputeDevice.Cpu, ComputeType.BFloat16))));
    }

    [Fact]
    public void Other_versions_make_another_run_although_every_stage_is_reused()
    {
        Run();
        var plan = _project.Plan();

        AssertReused("count prune regularize evaluate", Run(plan with { Environment = plan.Environment with { Dotnet = "11.0.0" } }));
    }

    [Fact]
    public void What_is_reused_is_the_same_file_under_another_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Inodes are asked for on Linux.");
        var first = Run();
        var second = Run(_project.Plan("evaluate.limit=2"));

        Assert.Equal(Stamp(first), Stamp(second));
        static FileStamp Stamp(RunOutcome run) => FileStamp.Of(Path.Combine(run.Folder, "3-regularize/checkpoint/model.safetensors"));
    }

    [Fact]
    public void A_stage_that_was_edited_is_run_again()
    {
        var first = Run();
        File.AppendAllText(Path.Combine(first.Folder, "1-count/statistics.json"), " ");
        var second = Run();

        AssertReused("prune regularize evaluate", second);
        Assert.Equal(SeerJson.Text(first.Lock), SeerJson.Text(second.Lock));
        Assert.Equal(["1", "2"], Runs());
    }

    [Fact]
    public void A_run_that_was_deleted_lives_on_where_it_was_reused()
    {
        Directory.Delete(Run().Folder, recursive: true);
        AssertReused("", Run());
        Run(_project.Plan("evaluate.limit=2"));
        Directory.Delete(_project["runs/tiny/1"], recursive: true);

        AssertReused("count prune regularize", Run());
    }

    [Fact]
    public void A_run_that_stopped_half_way_is_reused_as_far_as_it_came()
    {
        File.WriteAllText(_project["data/bad.jsonl"], "{ \"input_ids\": [1, 9999] }\n");
        Assert.Throws<InputException>(() => Run(_project.Plan("data.text.path=data/bad.jsonl", "data.text.format=tokens")));

        AssertReused("count prune", Run());
    }

    [Fact]
    public void A_cache_that_was_damaged_or_deleted_costs_a_run_and_no_more()
    {
        var first = Run();
        foreach (var entry in Directory.GetFiles(_project["runs/.cache"]))
        {
            File.WriteAllText(entry, "{ \"schema\": \"seer/stage@1\" }");
        }

        AssertReused("", Run());
        Directory.Delete(_project["runs/.cache"], recursive: true);
        Assert.Equal(SeerJson.Text(first.Lock), SeerJson.Text(Run().Lock));
        Assert.Equal(["1", "2", "3"], Runs());
    }

    [Fact]
    public async Task Two_runs_at_once_compute_a_stage_once()
    {
        var both = await Task.WhenAll(
            Task.Run(() => Run(_project.Plan("prune.ratio=0.25"))),
            Task.Run(() => Run(_project.Plan("prune.ratio=0.5"))));

        Assert.Single(both, run => !run.Reused.ContainsKey("count"));
    }

    [Fact]
    public void A_plan_tells_what_is_reused_and_what_it_would_write()
    {
        var plan = _project.Plan();
        var reused = new Dictionary<string, string>(StringComparer.Ordinal) { ["prune"] = "tiny/1/2-prune" };
        var text = PlanText.Of(plan, reused);

        Assert.Contains($"key {plan.Stages[1].Key[..12]}, reused from tiny/1/2-prune\n", text, StringComparison.Ordinal);
        Assert.EndsWith("all in all about 90,080 bytes of disk\n", text, StringComparison.Ordinal);
    }

    private RunOutcome Run(RunPlan? plan = null) => Runner.Run(plan ?? _project.Plan(), _project["runs"], cache: new StageCache(_project["runs"]));

    private IEnumerable<string> Runs() => Directory.GetDirectories(_project["runs/tiny"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private static void AssertReused(string stages, RunOutcome run) =>
        Assert.Equal(stages, string.Join(' ', run.Plan.Stages.Select(stage => stage.Id).Where(run.Reused.ContainsKey)));
}
