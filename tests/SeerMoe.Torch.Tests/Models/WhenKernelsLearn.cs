using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>What our own kernels give and learn is what libtorch's operations do in float32.</summary>
public sealed class WhenKernelsLearn
{
    public static TheoryData<ScalarType, int> Widths() => new(
        new[] { ScalarType.Float32, ScalarType.BFloat16 }.SelectMany(type => new[] { 1, 16, 33, 2000 }.Select(width => new TheoryDataRow<ScalarType, int>(type, width))));

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_product_of_silu(ScalarType type, int width)
    {
        using var scope = NewDisposeScope();
        var (g, u) = (Leaf(type, 3, width), Leaf(type, 3, width));
        Assert.True(SiluProductKernel.Serve(g, u));
        Learns(type, [g, u], leaves => SiluProduct.Of(leaves[0], leaves[1]), leaves => silu(leaves[0]) * leaves[1]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_norm(ScalarType type, int width)
    {
        using var scope = NewDisposeScope();

        // More rows than are added up one by one.
        var (x, weight) = (Leaf(type, 2, 70, width), Leaf(type, width));
        Assert.True(RmsNormKernel.Serve(x, weight));
        Learns(type, [x, weight], leaves => new RmsNorm(leaves[1], 0.1).Forward(leaves[0]), Norm);
        Learns(type, [Leaf(type, 2, 70, width), Leaf(type, width)], leaves => new WideRmsNorm(leaves[1], 0.1).Forward(leaves[0]), Norm);

        static Tensor Norm(Tensor[] leaves) => leaves[1] * RmsNorm.Scaled(leaves[0], 0.1);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_turn(ScalarType type, int half)
    {
        using var scope = NewDisposeScope();
        var (cos, sin) = (Leaf(type, 5, half).detach(), Leaf(type, 5, half).detach());
        Learns(
            type,
            [Leaf(type, 2, 5, 3, (2 * half) + 2)],
            leaves => RotaryTurn.Of(leaves[0].transpose(1, 2), cos, sin),
            leaves =>
            {
                var x = leaves[0].transpose(1, 2);
                return cat([new HalfLayout().Turn(x.narrow(-1, 0, 2 * half), Wide(cos), Wide(sin)), x.narrow(-1, 2 * half, 2)], -1);
            });
    }

    [Fact]
    public void Silu_of_far_numbers_is_finite()
    {
        using var scope = NewDisposeScope();
        var g = tensor(new float[] { -1e4f, -100, 0, 100, 1e4f }).requires_grad_(true);

        SiluProduct.Of(g, ones(5)).sum().backward();

        Close.Absolute(tensor(new float[] { 0, 0, 0.5f, 1, 1 }), g.grad!, 1e-6);
    }

    private static void Learns(ScalarType type, Tensor[] leaves, Func<Tensor[], Tensor> ours, Func<Tensor[], Tensor> theirs)
    {
        Tensor[] exact = [.. leaves.Select(leaf => Wide(leaf.detach()).clone().requires_grad_(true))];
        var (found, expected) = (ours(leaves), theirs(exact));
        var weight = Wide(Leaf(type, expected.shape).detach());
        (found * weight.to_type(type)).sum().backward();
        (expected * weight).sum().backward();

        var unit = type == ScalarType.Float32 ? 1e-5 : 1.0 / 128;
        Close.Absolute(expected, found, unit * expected.abs().max().item<float>());
        foreach (var (one, other) in exact.Zip(leaves))
        {
            Assert.Equal(type, other.grad!.dtype);
            Close.Absolute(one.grad!, other.grad, unit * one.grad!.abs().max().item<float>());
        }
    }

    private static Tensor Leaf(ScalarType type, params long[] shape)
    {
        using var generator = new Generator((ulong)shape.Sum());
        return randn(shape, generator: generator).to_type(type).detach().requires_grad_(true);
    }

    private static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float32);
}
