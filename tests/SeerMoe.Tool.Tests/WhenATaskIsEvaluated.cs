using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>Known tasks and task files from the command line, on the example model or a checkpoint of a few kilobytes.</summary>
public sealed class WhenATaskIsEvaluated : IDisposable
{
    private const string Mine =
        """
        name: mine
        version: 4
        form: multiple_choice
        data:
          format: tsv
          columns: [q, a]
          splits: { test: { path: test.tsv, rows: 2 }, train: { path: train.tsv } }
        split: test
        few_shot: { split: train }
        doc_to_text: "{{q}}"
        doc_to_choice: ["yes", "no"]
        doc_to_target: "{{a}}"
        target_among: ["1", "0"]
        metrics: [acc, acc_norm]

        """;

    private readonly TemporaryFolder _folder = new();

    private readonly string _task;

    public WhenATaskIsEvaluated()
    {
        _task = _folder.Write("mine.yaml", Mine);
        _folder.Write("test.tsv", "Is 1 odd?\t1\nIs 2 odd?\t0\n");
        _folder.Write("train.tsv", "Is 5 odd?\t1\n");
        PicoCheckpoint.Write(_folder["model"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_results_come_in_the_harness_schema_too()
    {
        var run = Run("--shots", "1", "--lm-eval-results", _folder["results.json"]);
        var own = JsonNode.Parse(File.ReadAllText(_folder["out/evaluation.json"]))!["results"]!["mine"]!;
        var harness = JsonNode.Parse(File.ReadAllText(_folder["results.json"]))!;

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("| task | metric   | value", run.Output, StringComparison.Ordinal);
        Assert.Equal((4, 2, 1), ((int)own["version"]!, (int)own["n"]!, (int)own["shots"]!));
        Assert.Equal((double)own["acc"]!, (double)harness["results"]!["mine"]!["acc,none"]!);
        Assert.Equal((double)own["acc_norm_stderr"]!, (double)harness["results"]!["mine"]!["acc_norm_stderr,none"]!);
        Assert.Equal((4, 1, 2), ((int)harness["versions"]!["mine"]!, (int)harness["n-shot"]!["mine"]!, (int)harness["n-samples"]!["mine"]!["effective"]!));
        Assert.Equal("multiple_choice", (string?)harness["configs"]!["mine"]!["output_type"]);
        Assert.Equal("""{"acc":true,"acc_norm":true}""", harness["higher_is_better"]!["mine"]!.ToJsonString());
    }

    [Fact]
    public void Every_question_is_logged_as_the_harness_logs_it()
    {
        Run("--shots", "1", "--log-samples", _folder["samples"]);
        JsonNode[] lines = [.. File.ReadLines(_folder["samples/samples_mine.jsonl"]).Select(line => JsonNode.Parse(line)!)];

        Assert.Equal(2, lines.Length);
        Assert.Equal((1, "1", "none"), ((int)lines[1]["doc_id"]!, (string?)lines[1]["target"], (string?)lines[1]["filter"]));
        Assert.Equal("""{"arg_0":"Is 5 odd? yes\n\nIs 2 odd?","arg_1":" no"}""", lines[1]["arguments"]!["gen_args_1"]!.ToJsonString());
        Assert.Equal("""{"q":"Is 2 odd?","a":"0"}""", lines[1]["doc"]!.ToJsonString());
        Assert.Equal(2, lines[1]["resps"]!.AsArray().Count);
        Assert.Matches("""^\["-\d+\.\d+","(True|False)"\]$""", lines[1]["filtered_resps"]![0]!.ToJsonString());

        // sha256 of "1"
        Assert.Equal("6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b", (string?)lines[1]["target_hash"]);
    }

    [Theory]
    [InlineData("mmlu", "mmlu", 57, 57)]
    [InlineData("sst5", "sst5", 1, 1)]
    [InlineData("wikitext", "wikitext2/raw", 1, 1)]
    [InlineData("lambada", "lambada", 1, 1)]
    [InlineData("piqa", "piqa", 1, 1)]
    public void A_known_task_runs_on_its_published_files(string task, string data, int n, int logged)
    {
        var run = Seer.Run(
            "evaluate", "--model", Repository.Path("examples", "tiny-moe"), "--task", task, "--data", Fixtures.Data(data.Split('/')), "--limit", "1", "--window", "256",
            "--log-samples", _folder["samples"], "--output", _folder["out"], "--quiet");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(n, (int)JsonNode.Parse(File.ReadAllText(_folder["out/evaluation.json"]))!["results"]![task]!["n"]!);
        Assert.Equal(logged, Directory.GetFiles(_folder["samples"]).Length);
    }

    [Fact]
    public void Beside_its_base_it_has_a_divergence_and_a_paired_test()
    {
        PicoCheckpoint.Write(_folder["base"], seed: 2);
        var run = Run("--base", _folder["base"]);
        var written = JsonNode.Parse(File.ReadAllText(_folder["out/evaluation.json"]))!;

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.True((double)written["results"]!["mine"]!["kl_to_base"]! > 0);
        Assert.Equal(["n", "changed", "only_base_right", "only_this_right", "changed_share", "p_value"], written["results"]!["mine"]!["paired"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(2, (int)written["neighbours"]!["full"]!["results"]!["mine"]!["n"]!);
        Assert.Contains("kl_to_base", run.Output, StringComparison.Ordinal);
        Assert.Equal(["evaluation.json"], Directory.GetFileSystemEntries(_folder["out"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Continuations_of_prompts_say_how_much_they_repeat()
    {
        var text = _folder.Write("text.jsonl", "{\"text\": \"the owl saw the hare\"}\n{\"text\": \"in the old field\"}\n");
        var run = Evaluate("generation", text, "--prompts", "2", "--prompt-tokens", "8", "--new-tokens", "24");
        var result = JsonNode.Parse(File.ReadAllText(_folder["out/evaluation.json"]))!["results"]!["generation"]!;

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(2, (int)result["n"]!);
        Assert.InRange((double)result["repetition4"]!, 0, 1);
        Assert.Contains("| distinct4", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_generation_continues_prompts() =>
        Run("--prompts", "2").AssertRefused("continues no prompts", "--prompts", "--task generation");

    [Fact]
    public void A_damaged_row_is_told_with_file_and_line_and_leaves_nothing_behind()
    {
        _folder.Write("test.tsv", "Is 1 odd?\t1\nIs 2 odd?\t2\n");

        Run("--log-samples", _folder["samples"]).AssertRefused("answer 2 is none of the 2 choices", "test.tsv(2)", "Compare it with the others");
        Assert.Equal(["mine.yaml", "model", "test.tsv", "train.tsv"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_task_file_is_refused_with_line_and_caret()
    {
        _folder.Write("mine.yaml", Mine.Replace("form: multiple_choice", "form: multiple", StringComparison.Ordinal));

        var run = Run();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("mine.yaml(3,7): unknown form 'multiple'", run.Error, StringComparison.Ordinal);
        Assert.Contains("^^^^^^^^", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_task_needs_a_folder() => Evaluate("piqa", _task).AssertRefused("reads a folder", _task, "Name the folder");

    [Fact]
    public void Own_questions_have_no_shots() =>
        Evaluate("own", _task, "--shots", "1").AssertRefused("'own' is no known task", "--shots", "Leave the option out");

    [Fact]
    public void Results_are_never_overwritten() =>
        Run("--lm-eval-results", _task).AssertRefused("there already", "mine.yaml", "Name a new");

    [Fact]
    public void Samples_do_not_go_into_the_output() =>
        Run("--log-samples", _folder["out/samples"]).AssertRefused("inside the output folder", "--log-samples", "beside");

    private Seer Run(params string[] options) => Evaluate(_task, _folder.Path, options);

    private Seer Evaluate(string task, string data, params string[] options) =>
        Seer.Run(["evaluate", "--model", _folder["model"], "--task", task, "--data", data, "--output", _folder["out"], "--device", "cpu", "--quiet", .. options]);
}
