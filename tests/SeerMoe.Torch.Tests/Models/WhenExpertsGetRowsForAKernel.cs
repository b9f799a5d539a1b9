using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>In bfloat16 on the CPU an expert is given a few rows more than it has, and nobody sees them.</summary>
public class WhenExpertsGetRowsForAKernel
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(64, 64)]
    [InlineData(65, 72)]
    [InlineData(128, 128)]
    [InlineData(129, 136)]
    [InlineData(257, 272)]
    [InlineData(512, 512)]
    [InlineData(513, 544)]
    public void They_are_rounded_up_to_one_of_few_numbers(long rows, long given) => Assert.Equal(given, KernelRows.Of(rows));

    [Fact]
    public void Few_numbers_occur_and_little_is_added()
    {
        long[] rows = [.. Enumerable.Range(65, 4096 - 64)];

        Assert.Equal(8 + (16 * 5), rows.Select(KernelRows.Of).Distinct().Count());
        Assert.All(rows, row => Assert.InRange(KernelRows.Of(row), row, row + (row / 8)));
        Assert.InRange(rows.Average(row => (KernelRows.Of(row) / (double)row) - 1), 0, 0.03);
    }

    [Fact]
    public void Rows_are_the_experts_tokens_and_then_its_first()
    {
        using var scope = NewDisposeScope();
        var dispatch = Dispatch.Of(tensor(new long[] { 2, 0, 0, 2, 2, 3, 3, 2 }).view(4, 2), 4);

        Assert.Equal([2, 0, 4, 2], dispatch.Counts);
        Assert.Equal([2, 0, 1, 3, 4, 6, 7, 5], dispatch.Places);

        var (tokens, places) = dispatch.Rows([3, 0, 5, 4], topK: 2);
        Assert.Equal([0, 1, 0, 0, 1, 2, 3, 0, 2, 3, 2, 2], tokens);
        Assert.Equal([3, 0, 1, 4, 5, 8, 9, 6], places);
    }

    [Fact]
    public void Sums_and_gradients_are_those_of_the_rows_alone()
    {
        using var scope = NewDisposeScope();
        var x_TD = tensor(Enumerable.Range(0, 12).Select(i => (float)i).ToArray(), [6, 2]).to_type(ScalarType.BFloat16).requires_grad_(true);
        var block = new MoeBlock(0, new Alternating(), new Doubling());

        var y_TD = block.Forward(x_TD, new RoutingRule(1), found: null);
        y_TD.sum().backward();

        Assert.Equal(0, (y_TD - (x_TD * 2)).abs().max().to_type(ScalarType.Float32).item<float>());
        Assert.Equal(0, (x_TD.grad! - 2).abs().max().to_type(ScalarType.Float32).item<float>());
    }

    private sealed class Alternating : IRouter
    {
        public Routing Route(Tensor x_TD, RoutingRule rule)
        {
            var tokens = x_TD.shape[0];
            return new Routing(zeros(tokens, 2), full(tokens, 2, 0.5f), arange(tokens).remainder(2).unsqueeze(1), ones(tokens, 1), null!);
        }
    }

    /// <summary>Wants the rows that such a kernel gets.</summary>
    private sealed class Doubling : IExperts
    {
        public int Count => 2;

        public Tensor Forward(int expert, Tensor x_TD)
        {
            Assert.Equal(8, x_TD.shape[0]);
            return x_TD * 2;
        }
    }
}
