using System.Text.Json;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;

namespace SeerMoe.Torch.Tests.Evaluation;

public class ContinuingPrompts
{
    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Kept_keys_and_values_give_the_reference_continuation(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var expected = oracle.Root.GetProperty("greedy");
        var prompt = expected.GetProperty("prompt").Deserialize<int[]>()!;
        var continuation = expected.GetProperty("continuation").Deserialize<int[]>()!;

        Assert.Equal([continuation, continuation], GreedyDecoding.Continue(model, [prompt, prompt], continuation.Length));
    }

    [Fact]
    public void A_continuation_ends_before_the_end_of_the_text()
    {
        using var oracle = new Oracle("mixtral");
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var whole = GreedyDecoding.Continue(model, [[1, 2, 3]], 12)[0];
        var end = whole[5];

        Assert.Equal(whole[..Array.IndexOf(whole, end)], GreedyDecoding.Continue(model, [[1, 2, 3]], 12, end)[0]);
    }

    [Fact]
    public void Runs_that_come_again_are_counted()
    {
        // abcd bcda cdab dabc abcd bcda: 4 of 6 differ; the second repeats nothing, and of its two runs both are new.
        var result = Repetition.Of([[1, 2, 3, 4, 1, 2, 3, 4, 1], [5, 6, 7, 8, 9], [7, 7, 7, 7, 7, 7, 7]]);

        Assert.Equal((1.0 / 3 + 0 + 0.75) / 3, result.Repetition4!.Value, 1e-12);
        Assert.Equal(7.0 / 12, result.Distinct4!.Value, 1e-12);
        Assert.Equal(1.0 / 3, result.Looping!.Value, 1e-12);
        Assert.Equal((3, 21), (result.N, result.Tokens));
    }

    [Fact]
    public void Each_document_that_is_long_enough_gives_a_prompt()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        var lines = folder.Write("text.jsonl", "{\"text\": \"the owl saw the hare\"}\n{\"text\": \"no\"}\n{\"text\": \"in the old field\"}\n");
        var text = folder.Write("text.txt", string.Concat(Enumerable.Repeat("the owl saw the hare in the field. ", 8)));
        GenerationTask Task(string name, string path, TextFormat format, int prompts) => new(name, new TextSource(path, format), new GenerationOptions { Prompts = prompts, PromptTokens = 8, NewTokens = 20 });
        var results = Evaluating.Evaluate(checkpoint, [Task("lines", lines, TextFormat.JsonLines, 10), Task("text", text, TextFormat.Text, 4)], mask: null, new EvaluateOptions(), Oracle.Float32).Results;

        Assert.Equal((2, 4), (results["lines"].N, results["text"].N));
        Assert.All(results.Values, result => Assert.InRange(result.Repetition4!.Value, 0, 1));
    }

    [Theory]
    [InlineData(100, 29, "more than the 128")]
    [InlineData(60, 10, "No document has 60 tokens")]
    public void Refuses_what_can_give_no_continuation(int promptTokens, int newTokens, string what)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(folder["model"]));
        var task = new GenerationTask("generation", new TextSource(folder.Write("text.jsonl", "{\"text\": \"short\"}\n"), TextFormat.JsonLines), new GenerationOptions { PromptTokens = promptTokens, NewTokens = newTokens });

        Assert.Contains(what, Assert.Throws<InputException>(() => Evaluating.Evaluate(checkpoint, [task], mask: null, new EvaluateOptions(), Oracle.Float32)).What, StringComparison.Ordinal);
    }
}
