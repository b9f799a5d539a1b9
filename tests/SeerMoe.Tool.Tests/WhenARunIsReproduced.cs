using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenARunIsReproduced : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _recipe;

    public WhenARunIsReproduced()
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4, 5, 6]}\n{\"input_ids\": [7, 8, 9]}\n");
        _recipe = _folder.Write("pico.yaml", """
            name: pico
            allow_overlap: true
            model: model
            data:
              lines: { path: tokens.jsonl, format: tokens }
            stages:
              - count:    { data: lines }
              - prune:    { scope: layer, ratio: 0.25 }
              - evaluate: { tasks: [lines], compare: [base] }
            """);
        var run = Run();
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private string Lock => _folder["runs/pico/1/seer.lock.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_digest_is_the_same_and_nothing_was_reused()
    {
        var again = Reproduce();

        Assert.Equal((0, "same: all 10 files have the digests of the lock\n"), (again.ExitCode, again.Output));
        Assert.Equal(File.ReadAllText(Lock), File.ReadAllText(_folder["again/pico/1/seer.lock.json"]));
        Assert.DoesNotContain("stage reused", File.ReadAllText(_folder["again/pico/1/events.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_digest_that_differs_is_shown_and_ends_with_3()
    {
        Change(runLock => runLock["stages"]![0]!["outputs"]![0]!["sha256"] = new string('a', 64));
        var again = Reproduce();

        Assert.Equal(3, again.ExitCode);
        Assert.Contains("| 1-count/statistics.json | aaaaaaaaaaaa  |", again.Output, StringComparison.Ordinal);
        Assert.Contains("differs: 1 of 10 files", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void In_another_precision_the_metrics_are_compared_and_it_says_so()
    {
        var again = Reproduce("--dtype", "bfloat16");

        Assert.True(again.ExitCode == 0, again.Output + again.Error);
        Assert.Contains("same within tolerance: digests can't be expected to agree (environment.dtype was float32, now bfloat16)", again.Output, StringComparison.Ordinal);
        Assert.Contains("| agrees |", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_does_not_do_is_refused_and_memory_that_does_changes_nothing()
    {
        Reproduce("--memory", "0.0001").AssertRefused("1-count takes about", "--memory 0", "Take a smaller batch or window");
        Assert.False(Directory.Exists(_folder["again"]));

        Assert.Equal("same: all 10 files have the digests of the lock\n", Reproduce("--memory", "8").Output);
    }

    [Fact]
    public void Of_other_versions_with_other_results_ends_with_3()
    {
        Change(runLock => runLock["environment"]!["libtorch"] = "1.0");
        var evaluation = _folder["runs/pico/1/3-evaluate/evaluation.json"];
        var text = JsonNode.Parse(File.ReadAllText(evaluation))!;
        text["results"]!["lines"]!["perplexity"] = 3.5;
        File.WriteAllText(evaluation, text.ToJsonString());
        Reproduce().AssertRefused("the evaluation that it vouches for is not beside it", evaluation, "Copy it there");

        Change(runLock =>
        {
            var output = runLock["stages"]![2]!["outputs"]![0]!;
            output["sha256"] = Recipes.Locking.HashedFile.Of(evaluation, "").Sha256;
            output["bytes"] = new FileInfo(evaluation).Length;
        });
        var again = Reproduce();

        Assert.Equal(3, again.ExitCode);
        Assert.Contains("differs: 1 of 2 metrics are further apart than other versions or devices explain (environment.libtorch was 1.0, now ", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_changed_or_is_absent_is_refused()
    {
        File.AppendAllText(_folder["tokens.jsonl"], "{\"input_ids\": [1]}\n");
        Reproduce().AssertRefused("The inputs are not those of the lock: input tokens.jsonl was sha256 ", _folder.Path, "Restore them");

        File.Delete(_folder["tokens.jsonl"]);
        Reproduce("--inputs", _folder.Path).AssertRefused("An input of the lock is absent: tokens.jsonl.", _folder.Path, "--inputs");
    }

    [Fact]
    public void A_lock_that_was_carried_elsewhere_needs_its_recipe_and_is_told_where_the_inputs_are()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.Copy(Lock, _folder["elsewhere/seer.lock.json"]);
        Seer.Run("reproduce", _folder["elsewhere"], "--output", _folder["again"]).AssertRefused("The lock needs its recipe.yaml beside it", _folder["elsewhere/recipe.yaml"], "Copy it");

        File.Copy(_folder["runs/pico/1/recipe.yaml"], _folder["elsewhere/recipe.yaml"]);
        Assert.Equal(0, Seer.Run("reproduce", _folder["elsewhere"], "--output", _folder["again"], "--inputs", _folder.Path).ExitCode);
    }

    [Fact]
    public void Json_tells_the_same()
    {
        var again = JsonNode.Parse(Reproduce("--json").Output)!;

        Assert.Equal(("seer/reproduction@1", "digests", false), ((string?)again["schema"], (string?)again["compared_by"], (bool)again["differs"]!));
    }

    [Fact]
    public void Locked_runs_what_the_lock_says_and_refuses_other_inputs_and_versions()
    {
        Assert.Equal(0, Run("--locked").ExitCode);
        Assert.Equal(0, Run("--locked", "--set", "prune.ratio=0.5").ExitCode);

        File.Copy(Lock, _folder["pico.lock.json"]);
        File.AppendAllText(_folder["tokens.jsonl"], "{\"input_ids\": [1]}\n");
        Run("--locked").AssertRefused("input tokens.jsonl was sha256 ", _folder["pico.lock.json"], "without --locked");
        Run("--locked", "--dtype", "bfloat16").AssertRefused("environment.dtype was float32, now bfloat16", _folder["pico.lock.json"], "without --locked");
    }

    [Fact]
    public void Locked_needs_a_lock()
    {
        Seer.Run("run", _recipe, "--device", "cpu", "--output", _folder["none"], "--locked").AssertRefused("There is no lock to hold 'pico' against.", _folder["pico.lock.json"], "Run it once");
    }

    private Seer Run(params string[] options) => Seer.Run(["run", _recipe, "--device", "cpu", "--quiet", "--output", _folder["runs"], .. options]);

    private Seer Reproduce(params string[] options) => Seer.Run(["reproduce", Lock, "--output", _folder["again"], "--quiet", .. options]);

    private void Change(Action<JsonNode> change)
    {
        var runLock = JsonNode.Parse(File.ReadAllText(Lock))!;
        change(runLock);
        File.WriteAllText(Lock, runLock.ToJsonString());
    }
}
