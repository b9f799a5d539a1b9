namespace SeerMoe.Tests.Experts;

public sealed class WhenStatisticsAreMerged
{
    [Fact]
    public void Sums_and_counts_add_up_and_the_larger_maximum_stays()
    {
        var one = SomeStatistics.Whole();
        var other = SomeStatistics.Whole(scale: 3);

        var both = one.Add(other);

        Assert.Equal((20, 4), (both.Tokens, both.Sequences));
        foreach (var (a, b, sum) in one.Layers.Zip(other.Layers, both.Layers))
        {
            Assert.Equal(20, sum.Tokens);
            Assert.Equal(a.EntropySum + b.EntropySum, sum.EntropySum);
            Assert.Equal(a.MaxAbs.Zip(b.MaxAbs, Math.Max), sum.MaxAbs);
            Assert.Equal(a.GateNorm.Zip(b.GateNorm, (x, y) => x + y), sum.GateNorm);
            Assert.Equal(a.CoActivation.Zip(b.CoActivation, (x, y) => x + y), sum.CoActivation);
        }
    }

    [Fact]
    public void The_parts_stay_as_they_were()
    {
        var one = SomeStatistics.Whole();

        _ = one.Add(one);

        Assert.Equal(SomeStatistics.Whole().Layers[0].Norm, one.Layers[0].Norm);
    }

    [Fact]
    public void The_invariants_hold_for_the_whole() => SomeStatistics.Whole().Add(SomeStatistics.Whole()).AssertInvariants();

    [Fact]
    public void Those_of_another_checkpoint_are_refused()
    {
        var error = Assert.Throws<InputException>(() => SomeStatistics.Whole().Add(SomeStatistics.Whole() with { Checkpoint = "dead" }));

        Assert.Equal("Statistics of different checkpoints can't be added: checkpoint 'c0ffee' and 'dead'.", error.What);
    }

    [Fact]
    public void Those_of_other_layers_are_refused()
    {
        var one = SomeStatistics.Whole();

        Assert.Contains("layers '1 4' and '1'", Assert.Throws<InputException>(() => one.Add(one with { Layers = one.Layers[..1] })).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_of_other_expert_counts_are_refused() =>
        Assert.Contains(
            "experts a layer '2' and '3'",
            Assert.Throws<InputException>(() => SomeStatistics.WithSoft(1, [1, 2]).Add(SomeStatistics.WithSoft(1, [1, 2, 3]))).What,
            StringComparison.Ordinal);
}
