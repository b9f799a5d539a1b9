using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Tests.Parity;
using SeerMoe.Torch.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Tests.Training;

/// <summary>Loss and gradient are libtorch's, in float32 of the same numbers.</summary>
public sealed class TheCrossEntropyOfRows
{
    public static TheoryData<ScalarType, int> Widths() => new(
        new[] { ScalarType.Float32, ScalarType.BFloat16 }.SelectMany(type => new[] { 2, 16, 31, 32, 50, 1000 }.Select(width => new TheoryDataRow<ScalarType, int>(type, width))));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Is_libtorchs(ScalarType type, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)width);
        long[] targets = [0, width - 1, width / 2, 1, 0];
        var given = (randn([5, width], generator: generator) * 8).to_type(type);
        var exact = given.to_type(ScalarType.Float32).detach().requires_grad_(true);
        var expected = cross_entropy(exact, tensor(targets)) * 3;
        expected.backward();

        var leaf = given.clone().requires_grad_(true);
        var logits = leaf * 1;
        Assert.True(CrossEntropyKernel.Serve(logits));
        var found = MeanCrossEntropy.apply(logits, targets) * 3;
        Close.Absolute(expected.item<float>(), found.item<float>(), 1e-5);
        found.backward();

        var unit = type == ScalarType.Float32 ? 1e-6 : 1.0 / 256;
        Assert.Equal(type, leaf.grad!.dtype);
        Assert.InRange(((leaf.grad.to_type(ScalarType.Float32) - exact.grad!).abs() - (exact.grad!.abs() * unit)).max().item<float>(), float.NegativeInfinity, 1e-6);
    }

    /// <summary>Of losses only differences of logits count, however far from zero all of them lie.</summary>
    [Fact]
    public void What_all_logits_share_is_lost_from_the_gradient_too()
    {
        using var scope = NewDisposeScope();
        var given = arange(50, ScalarType.Float32).view(1, 50) / 8;
        var (near, far) = (given.clone(), given + 1024);
        var sums = new RowSum[1];
        foreach (var logits in new[] { near, far })
        {
            CrossEntropyKernel.Losses(logits, [3], sums);
            CrossEntropyKernel.Gradient(logits, [3], sums, 1);
        }

        Assert.Equal(0, Close.Difference(near, far));
    }

    [Fact]
    public void Far_logits_stay_finite()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1e4f, -1e4f, 0, 300, 200, float.NegativeInfinity }).view(2, 3);
        var losses = CrossEntropyKernel.Losses(logits, [1, 1], new RowSum[2]);

        Close.Absolute(2e4, losses[0], 1e-2);
        Close.Absolute(100, losses[1], 1e-4);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(50, 0)]
    [InlineData(50, 20)]
    [InlineData(50, 49)]
    public void A_number_that_is_none_is_seen(int width, int at)
    {
        using var scope = NewDisposeScope();
        var logits = ones(2, width);
        logits[0, at] = tensor(float.NaN);
        var losses = CrossEntropyKernel.Losses(logits, [0, 0], new RowSum[2]);

        Assert.Equal([true, false], losses.Select(double.IsNaN));
    }
}
