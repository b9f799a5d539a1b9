using SeerMoe.Architectures;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Tests.Running;

public class TheRandomControl
{
    [Fact]
    public void Is_the_mean_of_its_seeds_with_the_error_between_them()
    {
        var mean = Control(2, 4).Results["perplexity"];

        Assert.Equal(3, mean.Perplexity);
        Assert.Equal(1, mean.PerplexityStderr!.Value, precision: 12); // sqrt(2) / sqrt(2)
    }

    [Fact]
    public void Has_no_mean_when_a_seed_wrecked_the_model() => Assert.Null(Control(2, null).Results["perplexity"].Perplexity);

    private static RandomControl Control(params double?[] perplexities) => RandomControl.Of(
    [
        .. perplexities.Select((perplexity, i) => new RandomRun(i, new EvaluationResult(
            new Dictionary<string, TaskResult>(StringComparer.Ordinal) { ["perplexity"] = new TaskResult { N = 1, Perplexity = perplexity } },
            new Footprint(1, 1, 4)))),
    ]);
}
