using System.Text.Json.Nodes;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>The commands that compute, on a tiny checkpoint and token lines.</summary>
public sealed class WhenAModelIsMeasured : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly string _mixtral = Fixtures.Folder("mixtral");

    private readonly string _tokens;

    public WhenAModelIsMeasured() => _tokens = _folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2, 3, 4, 5, 6]}\n{\"input_ids\": [7, 8, 9]}\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Count_writes_statistics_and_says_where_on_one_line()
    {
        var count = Run("count", "--data", _tokens);
        Assert.Equal((0, $"9 tokens in 2 sequences, 24 experts in 3 layers: {_folder["out"]}\n"), (count.ExitCode, count.Output));
        Assert.Equal(["statistics.json", "statistics.safetensors"], Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Json_on_stdout_is_the_file_that_was_written()
    {
        var count = Run("count", "--data", _tokens, "--json");
        Assert.Equal(File.ReadAllText(Path.Combine(_folder["out"], "statistics.json")), count.Output);
    }

    [Fact]
    public void Quiet_leaves_nothing_on_stderr()
    {
        var count = Run("count", "--data", _tokens, "--quiet");
        Assert.Equal((0, ""), (count.ExitCode, count.Error));
    }

    [Fact]
    public void Merged_statistics_count_twice_what_was_counted_twice()
    {
        Run("count", "--data", _tokens);
        var merged = Seer.Run("merge-statistics", _folder["out"], _folder["out"], "--output", _folder["both"], "--json");
        Assert.Equal(18, (int)JsonNode.Parse(merged.Output)!["tokens"]!);
    }

    [Fact]
    public void Evaluate_prints_a_markdown_table_and_writes_evaluation_json()
    {
        var evaluate = Run("evaluate", "--task", "perplexity", "--data", _tokens);
        Assert.StartsWith("| task       | metric     | value", evaluate.Output, StringComparison.Ordinal);
        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["out"], "evaluation.json")))!;
        Assert.Equal(("seer/evaluation@1", 2, 7), ((string?)written["schema"], (int)written["results"]!["perplexity"]!["n"]!, (int)written["results"]!["perplexity"]!["tokens"]!));
        Assert.Equal(265_680, (int)written["footprint"]!["parameters"]!);
    }

    [Fact]
    public void A_bad_token_is_refused_with_its_line_and_leaves_nothing_behind()
    {
        var bad = _folder.Write("bad.jsonl", "{\"input_ids\": [1, 2]}\n{\"input_ids\": [1, 99999]}\n");
        Run("count", "--data", bad, "--format", "tokens").AssertRefused("99999", "bad.jsonl", "");
        Assert.Equal([bad, _tokens], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_layer_beyond_the_memory_allowed_is_refused() =>
        Run("count", "--data", _tokens, "--memory", "0.0001").AssertRefused("GiB even with one layer in memory at a time", "--memory 0.0001", "Allow 0.");

    [Fact]
    public void Regularize_writes_a_checkpoint_and_a_line_a_step()
    {
        var tuned = Run("regularize", "--train", _tokens, "--steps", "3", "--batch", "2", "--top-k", "2:1");
        Assert.Equal(0, tuned.ExitCode);
        Assert.EndsWith($"in 3 steps, top-1: {Path.Combine(_folder["out"], "checkpoint")}\n", tuned.Output, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(_folder["out"], "training.jsonl")).Length);
        Assert.Contains("stock runtimes", tuned.Error, StringComparison.Ordinal);
        Assert.Contains("top-K                  1\n", Seer.Run("inspect", Path.Combine(_folder["out"], "checkpoint")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_tokens_than_asked_for_are_a_note()
    {
        var count = Run("count", "--data", _tokens, "--tokens", "10");
        Assert.Contains("note: 9 tokens were counted, fewer than the 10 asked for", count.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_stops_when_it_is_interrupted()
    {
        SeerMoe.Torch.Runtime.LibTorch.Load();
        Assert.Throws<OperationCanceledException>(() =>
            SeerMoe.Torch.Initializing.Initialize(Path.Combine(_mixtral, "config.json"), 5, _folder["model"], new CancellationToken(canceled: true)));
        Assert.Equal([_tokens], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Init_gives_the_same_bytes_for_the_same_seed()
    {
        foreach (var name in new[] { "one", "two" })
        {
            var init = Seer.Run("init", "--config", Path.Combine(_mixtral, "config.json"), "--seed", "5", "--output", _folder[name]);
            Assert.Equal(0, init.ExitCode);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["one"], "model.safetensors")), File.ReadAllBytes(Path.Combine(_folder["two"], "model.safetensors")));
    }

    private Seer Run(string command, params string[] options)
    {
        string[] format = options.Contains("--format") ? [] : ["--format", "tokens"];
        return Seer.Run([command, "--model", _mixtral, "--device", "cpu", "--output", _folder["out"], .. format, .. options]);
    }
}
