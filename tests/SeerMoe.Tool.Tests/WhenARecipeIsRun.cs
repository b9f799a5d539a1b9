using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenARecipeIsRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_closes_with_every_number_beside_its_neighbours()
    {
        var run = Run();
        Assert.Equal(0, run.ExitCode);
        var lines = run.Output.Split('\n');
        Assert.Equal(
            ["", "full model", "random prune (mean ± standard error over 3 seeds)", "pruned", "regularized"],
            lines[0].Trim('|').Split('|').Select(cell => cell.Trim()));
        Assert.Equal(
            ["lines, perplexity", "KL to the full model", "parameters", "active parameters", "bytes", "FLOPs a token at 512 tokens"],
            lines[2..8].Select(line => line.Split('|')[1].Trim()));
        Assert.Contains("| 265,680 ", lines[4], StringComparison.Ordinal);
        Assert.All(["1-count", "2-prune", "3-regularize", "4-evaluate"], stage => Assert.Matches($@"\n{stage} +[\d.]+ s +run\n", run.Error));
        Assert.Matches(@"\ntotal +[\d.]+ s +peak memory [\d.]+ [MG]B\n", run.Error);
        Assert.Contains("tokens a second while scored, on ", run.Error, StringComparison.Ordinal);
        Assert.Equal($"run: {_folder["runs/tiny/1"]}", lines[^2]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--json")]
    public void Equal_runs_say_the_same_on_stdout_but_for_their_folder(string option)
    {
        string[] options = option.Length == 0 ? [] : [option];
        Assert.Equal(Run(options).Output, Run(options).Output.Replace("runs/tiny/2", "runs/tiny/1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_its_results_can_not_do_is_said_on_stderr()
    {
        var notes = Run("--set", "prune.scope=global", "--set", "count.tokens=100", "--set", "regularize.top_k={ from: 2, to: 1 }").Error;

        Assert.Contains("note: 9 tokens were counted, fewer than the 100 asked for", notes, StringComparison.Ordinal);
        Assert.Contains("experts were never chosen", notes, StringComparison.Ordinal);
        Assert.Equal(2, notes.Split("stock runtimes can't load").Length);
        Assert.Contains("note: Trained at top-1", notes, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_were_learned_from_and_judge_are_refused_unless_it_is_said()
    {
        var recipe = TinyRecipe.Write(_folder);
        File.Copy(_folder["tokens.jsonl"], _folder["learned.jsonl"], overwrite: true);
        Seer Run(params string[] options) => Seer.Run(["run", recipe, "--output", _folder["runs"], "--device", "cpu", .. options]);

        Run().AssertRefused("2 of 2 documents of 'learned' judge the model too: the first is tokens.jsonl(1) of lines.", "learned.jsonl(1)", "--allow-overlap");
        Assert.False(Directory.Exists(_folder["runs"]));
        Assert.Equal(0, Run("--allow-overlap").ExitCode);
    }

    [Fact]
    public void A_broken_line_among_its_events_does_not_keep_it_from_being_inspected()
    {
        Run();
        File.AppendAllText(_folder["runs/tiny/1/events.jsonl"], "null\n[1]\n{\"event\":\"stage done\"}\n{\"event\":\"sta");

        Assert.Equal(0, Seer.Run("inspect", _folder["runs/tiny/1"]).ExitCode);
    }

    [Fact]
    public void A_short_key_in_its_lock_is_shown_and_does_not_verify()
    {
        Run();
        var path = _folder["runs/tiny/1/seer.lock.json"];
        var runLock = JsonNode.Parse(File.ReadAllText(path))!;
        runLock["stages"]![0]!["key"] = "abc";
        File.WriteAllText(path, runLock.ToJsonString());

        Assert.Contains("| abc ", Seer.Run("inspect", _folder["runs/tiny/1"]).Output, StringComparison.Ordinal);
        var verify = Seer.Run("verify", _folder["runs/tiny/1"]);
        Assert.Equal(3, verify.ExitCode);
        Assert.StartsWith("contradiction: seer.lock.json, stages[0].key\n  locked abc\n", verify.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_on_stdout_is_the_run_with_its_evaluation()
    {
        var run = JsonNode.Parse(Run("--json", "--quiet").Output)!;
        Assert.Equal("seer/run@1", (string?)run["schema"]);
        Assert.Equal(JsonNode.Parse(File.ReadAllText(_folder["runs/tiny/1/4-evaluate/evaluation.json"]))!.ToJsonString(), run["evaluation"]!.ToJsonString());
    }

    [Fact]
    public void Its_plan_shows_the_keys_that_its_lock_will_hold()
    {
        var plan = JsonNode.Parse(Seer.Run("plan", TinyRecipe.Write(_folder), "--device", "cpu", "--json").Output)!;
        Run();
        var runLock = JsonNode.Parse(File.ReadAllText(_folder["runs/tiny/1/seer.lock.json"]))!;
        Assert.Equal(Keys(plan), Keys(runLock));
    }

    [Fact]
    public void Verify_agrees_until_a_file_changes()
    {
        Run();
        Assert.Equal(0, Seer.Run("verify", _folder["runs/tiny/1"]).ExitCode);

        File.AppendAllText(_folder["runs/tiny/1/1-count/statistics.json"], " ");
        var verify = Seer.Run("verify", _folder["runs/tiny/1"]);
        Assert.Equal(3, verify.ExitCode);
        Assert.StartsWith("changed: 1-count/statistics.json\n", verify.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_tells_what_made_it()
    {
        Run();
        var inspect = Seer.Run("inspect", _folder["runs/tiny/1"]);
        Assert.StartsWith("recipe   tiny\nseed     17\ndevice   cpu, float32\n", inspect.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_with_it_is_said_at_once_and_nothing_is_written()
    {
        var run = Run("--set", "prune.ratoi=0.5", "--set", "count.tokens=-1");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Did you mean 'ratio'?", run.Error, StringComparison.Ordinal);
        Assert.Contains("count.tokens must be at least 1", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["runs"]));
    }

    [Fact]
    public void A_seed_on_the_command_line_replaces_the_recipes()
    {
        Run("--seed", "5");
        Assert.Equal(5, (int)JsonNode.Parse(File.ReadAllText(_folder["runs/tiny/1/seer.lock.json"]))!["seed"]!);
    }

    private Seer Run(params string[] options) =>
        Seer.Run(["run", TinyRecipe.Write(_folder), "--device", "cpu", "--output", _folder["runs"], .. options]);

    private static IEnumerable<string?> Keys(JsonNode document) => document["stages"]!.AsArray().Select(stage => (string?)stage!["key"]);
}
