using System.Text.Json;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Tests.Parity;

public class CountOfTheFixtures
{
    [Theory]
    [MemberData(nameof(Oracle.WholeCases), MemberType = typeof(Oracle))]
    public void Gives_every_sum_of_the_reference_padding_excluded(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        var statistics = Count(oracle, caseName, folder, batch: 2);
        foreach (var layer in statistics.Layers)
        {
            AssertSums(oracle, caseName, layer, [.. Enumerable.Range(0, layer.Experts)]);
        }
    }

    [Theory]
    [MemberData(nameof(Oracle.PrunedCases), MemberType = typeof(Oracle))]
    public void Of_a_pruned_checkpoint_gives_the_sums_of_the_reference(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        CheckpointPruner.Prune(oracle.Checkpoint, oracle.Plan(caseName), folder["pruned"]);
        using var pruned = Checkpoint.Open(folder["pruned"]);
        var data = new TextSource(oracle.WriteTokens(caseName, folder), TextFormat.Tokens);
        foreach (var (layer, plan) in Counting.Count(pruned, data, new CountOptions(), Oracle.Float32).Layers.Zip(oracle.Plan(caseName).Layers))
        {
            AssertSums(oracle, caseName, layer, plan.Survivors);
        }
    }

    [Fact]
    public void Does_not_depend_on_the_batch_size()
    {
        using var oracle = new Oracle("mixtral");
        using var folder = new TemporaryFolder();
        var one = Count(oracle, "left_pad", folder, batch: 1);
        var two = Count(oracle, "left_pad", folder, batch: 2);

        foreach (var (a, b) in one.Layers.Zip(two.Layers))
        {
            Assert.Equal(a.Actual, b.Actual);
            Close.Relative(a.Soft, b.Soft, 1e-6);
            Assert.Equal(a.CoActivation, b.CoActivation);
        }
    }

    [Fact]
    public void Refuses_data_without_a_real_token()
    {
        using var oracle = new Oracle("mixtral");
        using var folder = new TemporaryFolder();
        var data = new TextSource(folder.Write("padding.jsonl", "{\"input_ids\": [1, 2], \"attention_mask\": [0, 0]}\n"), TextFormat.Tokens);

        Assert.Throws<InputException>(() => Counting.Count(oracle.Checkpoint, data, new CountOptions(), Oracle.Float32));
    }

    [Fact]
    public void Counts_pairs_whose_diagonal_is_the_actual_count()
    {
        using var oracle = new Oracle("mixtral");
        using var folder = new TemporaryFolder();

        foreach (var layer in Count(oracle, "base", folder, batch: 2).Layers)
        {
            Assert.Equal(layer.Actual, Enumerable.Range(0, layer.Experts).Select(e => layer.CoActivation[(e * layer.Experts) + e]));
            Assert.Equal(2 * layer.Actual.Sum(), layer.CoActivation.Sum());
        }
    }

    [Fact]
    public void Stops_at_the_number_of_tokens_asked_for()
    {
        using var oracle = new Oracle("mixtral");
        using var folder = new TemporaryFolder();
        var data = new TextSource(oracle.WriteTokens("right_pad", folder), TextFormat.Tokens);
        var statistics = Counting.Count(oracle.Checkpoint, data, new CountOptions { Tokens = 40 }, Oracle.Float32);

        Assert.Equal(40, statistics.Tokens);
        Assert.All(statistics.Layers, layer => Assert.Equal(80, layer.Actual.Sum()));
    }

    /// <param name="old">Old numbers of the layer's experts: the reference counts by them.</param>
    private static void AssertSums(Oracle oracle, string caseName, LayerStatistics layer, IReadOnlyList<int> old)
    {
        var tolerance = oracle.Tolerance("sums_rtol");
        var expected = oracle.LayerOf(caseName, layer.Layer);
        double[] Numbers(string name)
        {
            var all = expected.GetProperty(name).Deserialize<double[]>()!;
            return [.. old.Select(expert => all[expert])];
        }

        // Scores of a sigmoid router are its sigmoids; the reference has the softmax of its logits too.
        var isSigmoid = expected.TryGetProperty("sigmoid_all", out _);
        Assert.Equal(expected.GetProperty("tokens").GetInt64(), layer.Tokens);
        Assert.Equal(Numbers("hard_counts"), layer.Actual);
        Close.Relative(Numbers(isSigmoid ? "sigmoid_all" : "soft_all"), layer.Soft, tolerance);
        Close.Relative(Numbers(isSigmoid ? "sigmoid_topk" : "soft_topk"), layer.SoftTopK, tolerance);
        Close.Relative(Numbers("gate_sum"), layer.Gate, tolerance);
        Close.Relative(Numbers("ean_sum"), layer.Norm, tolerance);
        Close.Relative(Numbers("ean_mean"), [.. layer.Norm.Zip(layer.Actual, Mean)], tolerance);
        Close.Relative(Numbers("weighted_ean_sum"), layer.GateNorm, tolerance);
        Close.Relative(Numbers("reap"), [.. layer.GateNorm.Zip(layer.Actual, Mean)], tolerance);
        var entropy = isSigmoid ? EntropyOfSigmoids(oracle, caseName, layer.Layer) : expected.GetProperty("gate_entropy_mean").GetDouble();
        Close.Relative(entropy, layer.Entropy, tolerance);
    }

    private static double Mean(double sum, double count) => count == 0 ? 0 : sum / count;

    /// <summary>Mean entropy of sigmoid scores divided by their sum, from the reference's logits, in float64 and by hand.</summary>
    private static double EntropyOfSigmoids(Oracle oracle, string caseName, int layer)
    {
        // The reference stores no router logits of the left-padded case, whose real tokens are those of the right-padded one.
        caseName = caseName == "left_pad" ? "right_pad" : caseName;
        using var logits = oracle.Tensor($"{caseName}.router_logits.{layer}");
        var mask = oracle.Sequences(caseName).SelectMany(sequence => Enumerable.Range(0, sequence.Ids.Length).Select(sequence.IsReal)).ToArray();
        var experts = (int)logits.shape[1];
        var entropies = logits.data<float>().ToArray().Chunk(experts).Where((_, row) => mask[row]).Select(row =>
        {
            double[] scores = [.. row.Select(z => 1 / (1 + Math.Exp(-z)))];
            return -scores.Select(score => score / scores.Sum()).Sum(p => p * Math.Log(p));
        });
        return entropies.Average();
    }

    private static ExpertStatistics Count(Oracle oracle, string caseName, TemporaryFolder folder, int batch) => Counting.Count(
        oracle.Checkpoint, new TextSource(oracle.WriteTokens(caseName, folder), TextFormat.Tokens), new CountOptions { Batch = batch }, Oracle.Float32);
}
