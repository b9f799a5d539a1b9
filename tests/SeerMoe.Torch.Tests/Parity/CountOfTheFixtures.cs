using System.Text.Json;
using SeerMoe.Experts;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Tests.Parity;

public class CountOfTheFixtures
{
    public static TheoryData<string, string> Cases => ForwardPassOfTheFixtures.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_every_sum_of_the_reference_padding_excluded(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var folder = new TemporaryFolder();
        var statistics = Count(oracle, caseName, folder, batch: 2);

        var tolerance = oracle.Tolerance("sums_rtol");
        foreach (var layer in statistics.Layers)
        {
            var expected = oracle.LayerOf(caseName, layer.Layer);
            double[] Numbers(string name) => expected.GetProperty(name).Deserialize<double[]>()!;

            Assert.Equal(expected.GetProperty("tokens").GetInt64(), layer.Tokens);
            Assert.Equal(Numbers("hard_counts"), layer.Actual);
            Close.Relative(Numbers("soft_all"), layer.Soft, tolerance);
            Close.Relative(Numbers("soft_topk"), layer.SoftTopK, tolerance);
            Close.Relative(Numbers("gate_sum"), layer.Gate, tolerance);
            Close.Relative(Numbers("ean_sum"), layer.Norm, tolerance);
            Close.Relative(Numbers("weighted_ean_sum"), layer.GateNorm, tolerance);
            Close.Relative(expected.GetProperty("gate_entropy_mean").GetDouble(), layer.Entropy, tolerance);
        }

        Close.Relative(oracle.Case(caseName).GetProperty("mean_router_entropy").GetDouble(), statistics.Layers.Average(layer => layer.Entropy), tolerance);
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

    private static ExpertStatistics Count(Oracle oracle, string caseName, TemporaryFolder folder, int batch) => Counting.Count(
        oracle.Checkpoint, new TextSource(oracle.WriteTokens(caseName, folder), TextFormat.Tokens), new CountOptions { Batch = batch }, Oracle.Float32);
}
