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

    private TaskResult Evaluate(string data, TextFormat format, PrunePlan? mask = null) => Evaluating.Evaluate(
        _checkpoint, [new EvalTask("task", TaskForm.Perplexity, new TextSource(_folder.Write("data", data), format))], mask, new EvaluateOptions(), Oracle.Float32).Results["task"];
}
