using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>The gradient of causal attention in blocks is libtorch's, which goes over all keys.</summary>
public sealed class WhenAttentionLearns
{
    [Theory]
    [InlineData(2, 4, 4, 65, 16, 16)]
    [InlineData(1, 4, 2, 128, 16, 16)]
    [InlineData(3, 6, 2, 200, 24, 8)]
    [InlineData(1, 2, 1, 97, 7, 5)]
    [InlineData(2, 64, 8, 300, 16, 16)]
    public void Values_and_gradients_are_libtorchs(int sequences, int heads, int shared, int length, int width, int valueWidth)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Inputs(ScalarType.Float32, sequences, heads, shared, length, width, valueWidth);
        var weight = Some(sequences, heads, length, valueWidth);

        var (expected, expectedGradients) = Learned(Plain, q, k, v, weight);
        var (found, gradients) = Learned((a, b, c) => CausalAttention.apply(a, b, c), q, k, v, weight);

        Assert.True(CausalBlocks.Serve(q) && CausalAttention.Serve(q, k, v));
        Close.Absolute(expected, found, 1e-5);
        Close.Absolute(expected, CausalBlocks.Mix(q, k, v), 1e-5);

        // Blocks as well: what is taken depends on processor, heads and threads.
        var blocks = CausalAttention.InBlocks(q.detach(), k.detach(), v.detach(), weight);
        foreach (var (one, (other, third)) in expectedGradients.Zip(gradients.Zip(blocks)))
        {
            Close.Absolute(one, other, 2e-5 * one.abs().max().item<float>());
            Close.Absolute(one, third, 2e-5 * one.abs().max().item<float>());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1, 2, 1, 97, 7, 5)]
    [InlineData(ScalarType.Float32, 1, 2, 1, 97, 80, 130)]
    [InlineData(ScalarType.Float32, 2, 6, 3, 1, 30, 34)]
    [InlineData(ScalarType.Float32, 2, 6, 3, 65, 30, 34)]
    [InlineData(ScalarType.BFloat16, 1, 2, 1, 97, 80, 130)]
    [InlineData(ScalarType.BFloat16, 2, 6, 3, 1, 30, 34)]
    [InlineData(ScalarType.BFloat16, 2, 6, 3, 65, 30, 34)]
    public void By_tiles_gradients_are_those_by_blocks(ScalarType type, int sequences, int heads, int shared, int length, int width, int valueWidth)
    {
        Assert.SkipUnless(CausalAttentionKernel.Serve(ones(1, 1, 1, 2, dtype: type), ones(1, 1, 1, 2, dtype: type), ones(1, 1, 1, 2, dtype: type)), "There are no tiles for this processor.");
        using var scope = NewDisposeScope();
        using var noGraph = no_grad();
        var (q, k, v) = Inputs(type, sequences, heads, shared, length, width, valueWidth);
        foreach (var g in new[] { Some(sequences, heads, length, valueWidth).to_type(type), ones(1, dtype: type).expand(sequences, heads, length, valueWidth) })
        {
            foreach (var (exact, found) in CausalAttention.InBlocks(q, k, v, g).Zip(CausalGradientKernel.Of(q, k, v, g)))
            {
                Assert.Equal(type, found.dtype);
                Close.Absolute(exact.to_type(ScalarType.Float32), found.to_type(ScalarType.Float32), (type == ScalarType.Float32 ? 2e-5 : 2e-2) * exact.abs().max().to_type(ScalarType.Float32).item<float>() + 1e-6);
            }
        }
    }

    [Fact]
    public void By_tiles_a_query_that_is_no_number_spoils_no_value_behind_it()
    {
        Assert.SkipUnless(TileKernel.Serve, "There are no tiles for this processor.");
        using var scope = NewDisposeScope();
        using var noGraph = no_grad();
        var (q, k, v) = Inputs(ScalarType.Float32, 1, 2, 2, 70, 16, 16);
        q[0, 0, 3, 5] = float.NaN;

        var dv = CausalGradientKernel.Of(q, k, v, Some(1, 2, 70, 16))[2];

        Assert.True(dv[0, 0, 3].isnan().any().item<bool>());
        Assert.False(dv[0, 0].narrow(0, 4, 66).isnan().any().item<bool>());
        Assert.False(dv[0, 1].isnan().any().item<bool>());
    }

    [Fact]
    public void In_bfloat16_gradients_are_as_near_to_those_of_float32_as_libtorchs()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Inputs(ScalarType.BFloat16, 2, 4, 2, 160, 16, 16);
        var weight = Some(2, 4, 160, 16);
        Tensor Wide(Tensor x) => x.detach().to_type(ScalarType.Float32).requires_grad_(true);

        var (_, exact) = Learned(Plain, Wide(q), Wide(k), Wide(v), weight);
        var (_, theirs) = Learned(Plain, q, k, v, weight.to_type(ScalarType.BFloat16));
        var (_, ours) = Learned((a, b, c) => CausalAttention.apply(a, b, c), q, k, v, weight.to_type(ScalarType.BFloat16));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ScalarType.BFloat16, ours[i].dtype);
            Assert.InRange(Close.Difference(ours[i], exact[i]), 0, 1.1 * Close.Difference(theirs[i], exact[i]));
        }
    }

    [Fact]
    public void Where_nothing_learns_nothing_is_kept()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Some(1, 2, 80, 8), Some(1, 2, 80, 8), Some(1, 2, 80, 8));
        Assert.False(CausalAttention.Serve(q, k, v));
        q.requires_grad_(true);
        Assert.True(CausalAttention.Serve(q, k, v));
        using var noGraph = no_grad();
        Assert.False(CausalAttention.Serve(q, k, v));
    }

    private static Tensor Plain(Tensor q, Tensor k, Tensor v)
    {
        var group = q.shape[1] / k.shape[1];
        return scaled_dot_product_attention(q, k.repeat_interleave(group, 1), v.repeat_interleave(group, 1), is_casual: true);
    }

    private static (Tensor Q, Tensor K, Tensor V) Inputs(ScalarType type, int sequences, int heads, int shared, int length, int width, int valueWidth)
    {
        Tensor Leaf(Tensor x) => x.to_type(type).detach().requires_grad_(true);
        return (Leaf(Some(sequences, heads, length, width)), Leaf(Some(sequences, shared, length, width)), Leaf(Some(sequences, shared, length, valueWidth)));
    }

    private static (Tensor Mixed, Tensor[] Gradients) Learned(Func<Tensor, Tensor, Tensor, Tensor> mix, Tensor q, Tensor k, Tensor v, Tensor weight)
    {
        // Heads stand side by side, as projections leave them.
        var mixed = mix(q.transpose(1, 2).contiguous().transpose(1, 2), k, v.transpose(1, 2).contiguous().transpose(1, 2));
        (mixed * weight).sum().backward();
        Tensor[] gradients = [.. new[] { q, k, v }.Select(x => x.grad!.clone())];
        foreach (var x in new[] { q, k, v })
        {
            x.grad = null;
        }

        return (mixed.detach(), gradients);
    }

    private static Tensor Some(params long[] shape)
    {
        using var generator = new Generator((ulong)shape.Sum());
        return randn(shape, generator: generator);
    }
}
