using System.Text.Json;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Tests.Parity;

public class EvaluationOfTheFixtures
{
    [Theory]
    [MemberData(nameof(Oracle.WholeCases), MemberType = typeof(Oracle))]
    public void Gives_the_reference_nll_and_perplexity(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        var task = new EvalTask("perplexity", TaskForm.Perplexity, new TextSource(oracle.WriteTokens(caseName, folder), TextFormat.Tokens));
        var result = Evaluating.Evaluate(oracle.Checkpoint, [task], mask: null, new EvaluateOptions(), Oracle.Float32).Results["perplexity"];

        var expected = oracle.Case(caseName).GetProperty("nll");
        Assert.Equal(expected.GetProperty("tokens").GetInt64(), result.Tokens);
        Close.Absolute(expected.GetProperty("token_mean").GetDouble(), result.Nll!.Value / result.Tokens!.Value, oracle.Tolerance("logits_atol"));
        Close.Relative(expected.GetProperty("perplexity").GetDouble(), result.Perplexity!.Value, oracle.Tolerance("sums_rtol"));
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Gives_the_reference_loglikelihoods(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        JsonElement[] expected = [.. oracle.Root.GetProperty("loglikelihood").EnumerateArray()];
        var scores = new ScoredModel(model, batchSize: 2).Score([.. expected.Select(Request)]);

        foreach (var (reference, score) in expected.Zip(scores))
        {
            Close.Absolute(reference.GetProperty("loglikelihood").GetDouble(), score.LogLikelihood, oracle.Tolerance("loglikelihood_atol"));
            Assert.Equal(reference.GetProperty("is_greedy").GetBoolean(), score.IsGreedy);
        }
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Gives_the_reference_greedy_continuation(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32);
        var expected = oracle.Root.GetProperty("greedy");
        var continuation = expected.GetProperty("continuation").Deserialize<int[]>()!;

        Assert.Equal(continuation, new ScoredModel(model, batchSize: 1).Greedy(expected.GetProperty("prompt").Deserialize<int[]>()!, continuation.Length));
    }

    private static ScoreRequest Request(JsonElement expected)
    {
        var continuation = expected.GetProperty("continuation").Deserialize<int[]>()!;
        return ScoreRequest.Tail([.. expected.GetProperty("context").Deserialize<int[]>()!, .. continuation], continuation.Length);
    }
}
