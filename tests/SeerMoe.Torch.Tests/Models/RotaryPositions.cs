using SeerMoe.Torch.Models;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>What the reference checkpoints do not reach: they are shorter than the lengths at which scaling sets in.</summary>
public class RotaryPositions
{
    [Fact]
    public void Interpolated_by_two_turn_half_as_far_at_each_position()
    {
        using var plain = new PlainFrequencies(8, 1e4).Radians(10, CPU);
        using var halved = new PlainFrequencies(8, 1e4, factor: 2).Radians(10, CPU);

        Close.Absolute(plain / 2, halved, 1e-7);
    }

    [Fact]
    public void Of_LongRoPE_take_the_long_divisors_only_beyond_the_original_length()
    {
        var longRope = new LongRopeFrequencies(4, 1e4, originalLength: 64, ([1.0, 2.0], 1.1), ([1.0, 8.0], 1.25));
        using var plain = new PlainFrequencies(4, 1e4).Radians(1, CPU);
        using var shorter = longRope.Radians(64, CPU);
        using var longer = longRope.Radians(65, CPU);

        Close.Absolute(plain / tensor(new float[] { 1, 2 }), shorter, 1e-8);
        Close.Absolute(plain / tensor(new float[] { 1, 8 }), longer, 1e-8);
        Assert.Equal((1.1, 1.25), (longRope.Scale(64), longRope.Scale(65)));
    }

    [Fact]
    public void Of_YaRN_keep_fast_dimensions_and_divide_slow_ones()
    {
        var yarn = new YarnFrequencies(64, 1e4, new YarnOptions(Factor: 4, OriginalLength: 4096, BetaFast: 32, BetaSlow: 1, Truncate: true, null, null, null));
        using var plain = new PlainFrequencies(64, 1e4).Radians(1, CPU);
        using var scaled = yarn.Radians(1, CPU);

        Close.Absolute(plain.narrow(0, 0, 8), scaled.narrow(0, 0, 8), 1e-7);
        Close.Absolute(plain.narrow(0, 28, 4) / 4, scaled.narrow(0, 28, 4), 1e-9);
        Assert.Equal((0.1 * Math.Log(4)) + 1, yarn.Scale(1), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Make_scores_depend_on_distance_alone(bool pairs)
    {
        var rotary = new Rotary(new PlainFrequencies(8, 100), pairs ? new PairLayout() : new HalfLayout());
        var (cos, sin) = rotary.Angles(TokenBatch.Of([new TokenSequence(new int[6])], CPU));
        using var q = randn([1, 1, 1, 12]).expand(1, 1, 6, 12);
        using var k = randn([1, 1, 1, 12]).expand(1, 1, 6, 12);
        using var scores = rotary.Turn(q, cos, sin).matmul(rotary.Turn(k, cos, sin).transpose(-2, -1)).squeeze();

        Close.Absolute(scores.narrow(0, 0, 5).narrow(1, 0, 5), scores.narrow(0, 1, 5).narrow(1, 1, 5), 1e-4);
        Assert.True(Math.Abs((scores[0, 0] - scores[0, 3]).item<float>()) > 1e-3);
    }
}
