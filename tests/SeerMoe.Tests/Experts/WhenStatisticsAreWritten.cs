using SeerMoe.Experts;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Experts;

public sealed class WhenStatisticsAreWritten : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_readable_twin_has_the_documented_keys_in_their_order()
    {
        var layer = new LayerStatistics(3, 2) { Tokens = 4, EntropySum = 2 };
        double next = 0;
        foreach (var (_, values) in layer.Sums)
        {
            (values[0], values[1]) = (next, next + 0.1);
            next += 1;
        }

        StatisticsFile.Write(_folder.Path, new ExpertStatistics("mixtral", "c0ffee", 4, 1, 2, [layer]));

        Assert.Equal(
            """
            {
              "schema": "seer/statistics@1",
              "architecture": "mixtral",
              "checkpoint": "c0ffee",
              "tokens": 4,
              "sequences": 1,
              "top_k": 2,
              "layers": [
                {
                  "layer": 3,
                  "experts": 2,
                  "actual": [0, 0.1],
                  "soft": [1, 1.1],
                  "soft_topk": [2, 2.1],
                  "gate": [3, 3.1],
                  "norm": [4, 4.1],
                  "norm_sq": [5, 5.1],
                  "gate_norm": [6, 6.1],
                  "gate_sq_norm_sq": [7, 7.1],
                  "max_abs": [8, 8.1],
                  "entropy": 0.5
                }
              ]
            }

            """,
            File.ReadAllText(_folder["statistics.json"]));
    }

    [Fact]
    public void Nothing_else_is_left_in_the_folder()
    {
        StatisticsFile.Write(_folder.Path, SomeStatistics.Whole());

        Assert.Equal(["statistics.json", "statistics.safetensors"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("statistics.safetensors")]
    public void The_folder_and_the_tensors_give_back_every_bit(string file)
    {
        var written = SomeStatistics.Whole();
        StatisticsFile.Write(_folder.Path, written);

        var read = StatisticsFile.Read(_folder[file]);

        AssertSame(written, read);
        foreach (var (before, after) in written.Layers.Zip(read.Layers))
        {
            Assert.Equal(before.CoActivation, after.CoActivation);
            Assert.Equal(before.EntropySum, after.EntropySum);
        }
    }

    [Fact]
    public void The_readable_twin_gives_back_every_bit_of_the_sums()
    {
        var written = SomeStatistics.Whole();
        StatisticsFile.Write(_folder.Path, written);

        var read = StatisticsFile.Read(_folder["statistics.json"]);

        AssertSame(written, read);
        foreach (var (before, after) in written.Layers.Zip(read.Layers))
        {
            Assert.Equal(1, after.EntropySum / before.EntropySum, tolerance: 1e-12);
        }
    }

    [Fact]
    public void Two_writings_are_the_same_bytes()
    {
        StatisticsFile.Write(_folder.Path, SomeStatistics.Whole());
        var first = File.ReadAllBytes(_folder["statistics.safetensors"]);
        StatisticsFile.Write(_folder.Path, SomeStatistics.Whole());

        Assert.Equal(first, File.ReadAllBytes(_folder["statistics.safetensors"]));
    }

    private static void AssertSame(ExpertStatistics written, ExpertStatistics read)
    {
        Assert.Equal(written with { Layers = [] }, read with { Layers = [] });
        Assert.Equal(written.Layers.Select(layer => (layer.Layer, layer.Experts, layer.Tokens)), read.Layers.Select(layer => (layer.Layer, layer.Experts, layer.Tokens)));
        foreach (var (before, after) in written.Layers.SelectMany(layer => layer.Sums).Zip(read.Layers.SelectMany(layer => layer.Sums)))
        {
            Assert.Equal(before.Name, after.Name);
            Assert.Equal(before.Values.Select(BitConverter.DoubleToInt64Bits), after.Values.Select(BitConverter.DoubleToInt64Bits));
        }
    }
}
