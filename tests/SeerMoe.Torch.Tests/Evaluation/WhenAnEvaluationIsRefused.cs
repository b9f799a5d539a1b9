using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tests.Parity;

namespace SeerMoe.Torch.Tests.Evaluation;

public sealed class WhenAnEvaluationIsRefused : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;

    public WhenAnEvaluationIsRefused() => _checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(40, new[] { 0, 1 })]
    [InlineData(0, new[] { 0, 99 })]
    [InlineData(0, new[] { 3 })]
    public void A_mask_must_fit_the_model(int layer, int[] survivors)
    {
        var mask = new PrunePlan(null, null, null, null, null, [new LayerPlan(layer, null, [.. survivors], null)]);

        Assert.Throws<InputException>(() => Evaluate("{\"input_ids\": [1, 2]}\n", TextFormat.Tokens, mask));
    }

    [Theory]
    [InlineData("{\"input_ids\": [1]}\n{\"input_ids\": [2]}\n", TextFormat.Tokens)]
    [InlineData("{\"input_ids\": [1, 2], \"attention_mask\": [0, 0]}\n", TextFormat.Tokens)]
    [InlineData("{\"text\": \"\"}\n", TextFormat.JsonLines)]
    public void Something_must_be_predicted(string data, TextFormat format) =>
        Assert.Contains("Not one token", Assert.Throws<InputException>(() => Evaluate(data, format)).What, StringComparison.Ordinal);

    [Fact]
    public void A_word_perplexity_beyond_all_numbers_is_left_out_and_the_rest_stays()
    {
        var result = Evaluate($"{{\"text\": \"{new string('x', 300)}\"}}\n", TextFormat.JsonLines);

        Assert.Null(result.WordPerplexity);
        Assert.True(double.IsFinite(result.Perplexity!.Value));
        Assert.DoesNotContain("word_perplexity", SeerJson.Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_must_not_be_longer_than_the_model_was_made_for()
    {
        var task = new EvalTask("task", TaskForm.Perplexity, new TextSource(_folder.Write("data", "some text")));

        var error = Assert.Throws<InputException>(() => Evaluating.Evaluate(_checkpoint, [task], mask: null, new EvaluateOptions { Window = 129 }, Oracle.Float32));
        Assert.Contains("129", error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_computes_nan_is_damaged()
    {
        var folder = PicoCheckpoint.Write(_folder["nan"]);
        using (var file = new FileStream(Path.Combine(folder, "model.safetensors"), FileMode.Open))
        {
            file.Seek(-4, SeekOrigin.End);
            file.Write([0xFF, 0xFF, 0xFF, 0x7F]); // the last weight of the head
        }

        using var checkpoint = Checkpoint.Open(folder);
        var task = new EvalTask("task", TaskForm.Perplexity, new TextSource(_folder.Write("data", "some text")));
        Assert.Contains("not finite", Assert.Throws<InputException>(() => Evaluating.Evaluate(checkpoint, [task], mask: null, new EvaluateOptions(), Oracle.Float32)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_must_not_know_more_tokens_than_the_model()
    {
        var config = PicoCheckpoint.ConfigText().Replace("\"vocab_size\": 258", "\"vocab_size\": 200", StringComparison.Ordinal);
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["small"], config: config));
        var text = new TextSource(_folder.Write("data", "é"));

        Assert.Throws<InputException>(() => Counting.Count(checkpoint, text, new CountOptions(), Oracle.Float32));
    }

    private TaskResult Evaluate(string data, TextFormat format, PrunePlan? mask = null) => Evaluating.Evaluate(
        _checkpoint, [new EvalTask("task", TaskForm.Perplexity, new TextSource(_folder.Write("data", data), format))], mask, new EvaluateOptions(), Oracle.Float32).Results["task"];
}
