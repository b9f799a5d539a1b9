using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Tests.Calibration;

public sealed class CountingInSlices : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CountingInSlices()
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("text.txt", string.Concat(Enumerable.Range(0, 60).Select(n => $"line {n} of {n * n}, and so on. ")));
        _folder.Write("tokens.jsonl", string.Concat(Enumerable.Range(1, 11).Select(n => $"{{\"input_ids\": [{string.Join(", ", Enumerable.Range(n, n + 3))}]}}\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text.txt", TextFormat.Text, 2)]
    [InlineData("text.txt", TextFormat.Text, 5)]
    [InlineData("tokens.jsonl", TextFormat.Tokens, 3)] // lines of different length: what is padded depends on what shares a batch
    public void Sums_up_to_the_whole_count(string data, TextFormat format, int slices)
    {
        var source = new TextSource(_folder[data], format);
        var options = new CountOptions { Window = 24, Batch = 3, Tokens = 1000 };
        var whole = Count(source, options);
        var sum = Enumerable.Range(1, slices).Select(number => Count(source, options with { Slice = new Slice(number, slices) })).Aggregate((one, other) => one.Add(other));

        Assert.Equal((whole.Tokens, whole.Sequences), (sum.Tokens, sum.Sequences));
        foreach (var (expected, actual) in whole.Layers.Zip(sum.Layers))
        {
            Assert.Equal(expected.Actual, actual.Actual);
            Assert.Equal(expected.CoActivation, actual.CoActivation);
            Assert.Equal(expected.MaxAbs, actual.MaxAbs);
            AssertClose([expected.EntropySum], [actual.EntropySum]);
            foreach (var (one, other) in expected.Sums.Zip(actual.Sums))
            {
                AssertClose(one.Values, other.Values);
            }
        }
    }

    [Fact]
    public void Refuses_a_slice_in_which_there_is_nothing()
    {
        var refusal = Assert.Throws<InputException>(() => Count(new TextSource(_folder["tokens.jsonl"], TextFormat.Tokens), new CountOptions { Batch = 6, Slice = new Slice(3, 3) }));

        Assert.Equal("There is nothing to count in slice 3/3: the data make 2 batches.", refusal.What);
    }

    private ExpertStatistics Count(TextSource source, CountOptions options)
    {
        using var checkpoint = Checkpoint.Open(_folder["model"]);
        return Counting.Count(checkpoint, source, options, new Compute(ComputeDevice.Cpu, ComputeType.Float32));
    }

    private static void AssertClose(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-12 * Math.Abs(pair.First), $"{pair.First:R} and {pair.Second:R}"));
}
