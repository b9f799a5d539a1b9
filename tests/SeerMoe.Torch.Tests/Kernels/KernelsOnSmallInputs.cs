using System.Runtime.InteropServices;
using SeerMoe.Torch.Kernels;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;
using Norm = SeerMoe.Torch.Models.RmsNorm;

namespace SeerMoe.Torch.Tests.Kernels;

/// <summary>A kernel gives what libtorch's operations give, for widths that fill vectors and for those that don't. bfloat16 is held against float32 of the same numbers.</summary>
public sealed class KernelsOnSmallInputs
{
    public static TheoryData<ScalarType, int> Widths()
    {
        var data = new TheoryData<ScalarType, int>();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            foreach (var width in new[] { 1, 7, 16, 31, 32, 33, 100, 512 })
            {
                data.Add(type, width);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void RmsNorm(ScalarType type, int width)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (x, weight) = (Some(type, 5, 3, width), Some(type, width));
        Assert.True(RmsNormKernel.Serve(x, weight));

        var scaled = Norm.Scaled(x, 1e-5);
        Near(RmsNormKernel.Of(x, weight, 1e-5, roundsFirst: true), Wide(weight) * Wide(scaled.to_type(type)));
        Near(RmsNormKernel.Of(x, weight, 1e-5, roundsFirst: false), Wide(weight) * scaled);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rotary(ScalarType type, int width)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (half, rest) = (width, 3);
        var x = Some(type, 2, 5, 3, (2 * half) + rest).transpose(1, 2);
        var (cos, sin) = (Some(type, 5, half), Some(type, 5, half));
        Assert.True(RotaryKernel.Serve(x));

        var expected = cat([new HalfLayout().Turn(Wide(x).narrow(-1, 0, 2 * half), Wide(cos), Wide(sin)), Wide(x).narrow(-1, 2 * half, rest)], -1);
        var turned = RotaryKernel.Turn(x, cos, sin);

        Near(turned, expected);
        Assert.True(turned.is_contiguous());
        Assert.False(RotaryKernel.Serve(x.transpose(2, 3)));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Combine(ScalarType type, int width)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (outputs_RD, gates_TK) = (Some(type, 12, width), Some(type, 4, 3));
        long[] places = [3, 7, 11, 0, 4, 8, 10, 1, 5, 2, 6, 9];
        Assert.True(CombineKernel.Serve(outputs_RD, gates_TK));

        var expected = (Wide(outputs_RD).index_select(0, tensor(places)).view(4, 3, width) * Wide(gates_TK).unsqueeze(2)).sum(1);
        Near(CombineKernel.Of(outputs_RD, gates_TK, places), expected);
    }

    /// <summary>Lengths and widths that fill tiles (6 queries, 64 keys, 64 values, 16 numbers of a transposed square) and that don't; heads alone and in groups.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1, 7, 5)]
    [InlineData(2, 4, 4, 6, 16, 16)]
    [InlineData(1, 6, 2, 65, 24, 8)]
    [InlineData(2, 4, 2, 192, 64, 64)]
    [InlineData(1, 2, 2, 77, 192, 128)]
    [InlineData(2, 6, 3, 13, 30, 33)]
    [InlineData(1, 2, 1, 250, 80, 130)]
    [InlineData(1, 1, 1, 300, 64, 64)]
    public void Attention(int sequences, int heads, int shared, int length, int width, int valueWidth)
    {
        Assert.SkipUnless(TileKernel.Serve, "needs AVX-512");
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            // As projections leave them: the heads of a position side by side.
            Tensor Heads(int count, int size) => Some(type, sequences, length, count, size).transpose(1, 2);
            Tensor OfEach(Tensor x) => Wide(x).repeat_interleave(heads / shared, 1);
            var (q, k, v) = (Heads(heads, width) * 2, Heads(shared, width), Heads(shared, valueWidth));
            var serves = type == ScalarType.Float32 || (BFloat16TileKernel.Serve && width % 2 == 0);
            Assert.Equal(serves, CausalAttentionKernel.Serve(q, k, v));
            if (!serves)
            {
                continue;
            }

            var mixed = CausalAttentionKernel.Of(q, k, v);

            // Weights of bfloat16 are rounded before they are used, as libtorch's.
            var expected = nn.functional.scaled_dot_product_attention(Wide(q), OfEach(k), OfEach(v), is_casual: true);
            Close.Absolute(expected, mixed, type == ScalarType.Float32 ? 1e-5 : 2e-2);
            Assert.True(mixed.transpose(1, 2).is_contiguous());
            Assert.False(CausalAttentionKernel.Serve(q.transpose(2, 3), k, v) && length * width > 1);
            Assert.False(CausalAttentionKernel.Serve(q, cat([k, k], 2), v));
        }
    }

    [Fact]
    public void A_query_that_is_no_number_mixes_none_and_large_scores_mix_one()
    {
        Assert.SkipUnless(TileKernel.Serve, "needs AVX-512");
        using var scope = NewDisposeScope();
        var (q, k, v) = (zeros(1, 1, 20, 4), zeros(1, 1, 20, 4), arange(20, ScalarType.Float32).view(1, 1, 20, 1));
        q[0, 0, 3] = tensor(float.NaN);
        q[0, 0, 9] = tensor(1e4f);
        k[0, 0, 5] = tensor(1e4f);

        var mixed = CausalAttentionKernel.Of(q, k, v).flatten().data<float>().ToArray();

        Assert.Equal([3], Enumerable.Range(0, 20).Where(i => float.IsNaN(mixed[i])));
        Assert.Equal(5, mixed[9]);
        Assert.Equal(9.5f, mixed[19], 1e-5f);
    }

    [Fact]
    public void The_exponential_of_what_is_no_number_is_none()
    {
        float[] given = [0, -1, -0.3f, -20, -86, -200, float.NegativeInfinity, float.NaN];

        Assert.All(given[..5], x => Assert.Equal(1, Exponential.Of(x) / Math.Exp(x), 3e-7));
        Assert.All(given[5..7], x => Assert.InRange(Exponential.Of(x), 0, 2e-38f));
        Assert.Equal(float.NaN, Exponential.Of(given[7]));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Magnitudes(ScalarType type, int width)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var x_RD = Some(type, 9, width);
        Assert.True(MagnitudeKernel.Serve(x_RD));

        var (norm_R, maxAbs_R) = MagnitudeKernel.Of(x_RD);

        Close.Absolute(Wide(x_RD).norm(1, keepdim: false, p: 2f), norm_R, 1e-4);
        Assert.Equal(0, Close.Difference(Wide(x_RD).abs().amax([1]), maxAbs_R));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_number_that_is_none_stays_one_in_its_row(ScalarType type, int width)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var x_RD = Some(type, 3, width);
        x_RD[1, width - 1] = tensor(float.NaN);

        var (norm_R, maxAbs_R) = MagnitudeKernel.Of(x_RD);

        foreach (var found in new[] { norm_R, maxAbs_R, RmsNormKernel.Of(x_RD, Some(type, width), 1e-5, roundsFirst: true)[.., width - 1].to_type(ScalarType.Float32) })
        {
            Assert.Equal([false, true, false], found.isnan().data<bool>().ToArray());
        }
    }

    /// <summary>Infinity, the largest number, and halves between two neighbours: what libtorch's own conversion gives.</summary>
    [Fact]
    public unsafe void Rounding_to_bfloat16_is_libtorchs()
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var given = Enumerable.Range(0, 1 << 16).SelectMany(upper => new[] { (upper << 16) | 0x8000, random.Next(int.MinValue, int.MaxValue) }).Select(BitConverter.Int32BitsToSingle).ToArray();
        var expected = MemoryMarshal.Cast<byte, ushort>(tensor(given).to_type(ScalarType.BFloat16).bytes).ToArray();

        var (found, one) = (new ushort[given.Length], new ushort[given.Length]);
        fixed (float* from = given)
        fixed (ushort* to = found, single = one)
        {
            for (var i = 0; i < given.Length; i += 16)
            {
                BFloat16Format.Write16(Float32Format.Read16(from + i), to + i);
                for (var lane = i; lane < i + 16; lane++)
                {
                    BFloat16Format.Write(from[lane], single + lane);
                }
            }
        }

        // What is no number has many names.
        Assert.Equal(expected.Select(Named), found.Select(Named));
        Assert.Equal(found, one);

        static ushort Named(ushort number) => float.IsNaN(BFloat16Format.Read(&number)) ? (ushort)0x7FC0 : number;
    }

    [Fact]
    public void Rows_go_to_several_threads()
    {
        using var threads = ComputeThreads.Fix(2);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (x, weight) = (Some(ScalarType.Float32, 1001, 200), Some(ScalarType.Float32, 200));

        Near(RmsNormKernel.Of(x, weight, 1e-5, roundsFirst: true), weight * Norm.Scaled(x, 1e-5));
    }

    [Fact]
    public void Where_somebody_may_learn_there_is_none()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 32);
        Assert.False(MagnitudeKernel.Serve(x));
        using var noGraph = no_grad();
        Assert.False(MagnitudeKernel.Serve(x));
    }

    private static Tensor Some(ScalarType type, params long[] shape)
    {
        using var generator = new Generator((ulong)shape.Sum());
        return randn(shape, generator: generator).to_type(type);
    }

    private static Tensor Wide(Tensor x) => x.to_type(ScalarType.Float32);

    private static void Near(Tensor found, Tensor expected)
    {
        // Rounded once: half a unit in the last place of bfloat16.
        var unit = found.dtype == ScalarType.Float32 ? 1e-5 : 1.0 / 256;
        var error = (Wide(found) - expected).abs() - (expected.abs() * unit);
        Assert.InRange(error.max().item<float>(), float.NegativeInfinity, 2e-6);
    }
}
