namespace SeerMoe.Tests.Experts;

public sealed class WhenCountsContradictThemselves
{
    [Fact]
    public void A_lost_token_is_our_fault_and_the_numbers_are_named()
    {
        var statistics = SomeStatistics.Whole();
        statistics.Layers[1].Actual[0]--;

        var error = Assert.Throws<InvalidOperationException>(() => statistics.AssertInvariants());

        Assert.Equal("The statistics of layer 4 contradict themselves: actual counts sum to 19, top-2 of 10 tokens is 20.", error.Message);
    }

    [Theory]
    [InlineData(1e-4)]
    [InlineData(double.NaN)]
    public void Probabilities_that_do_not_sum_to_one_are_our_fault(double error)
    {
        var statistics = SomeStatistics.Whole();
        statistics.Layers[0].Soft[0] += error;

        Assert.Contains("soft counts", Assert.Throws<InvalidOperationException>(() => statistics.AssertInvariants()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rounding_of_float32_is_no_contradiction()
    {
        var statistics = SomeStatistics.Whole();
        statistics.Layers[0].Soft[0] += 5e-6;

        statistics.AssertInvariants();
    }

    [Fact]
    public void A_layer_that_saw_other_tokens_is_our_fault()
    {
        var statistics = SomeStatistics.Whole();
        statistics.Layers[0].Tokens = 9;

        Assert.Contains("9 tokens counted, 10 in all", Assert.Throws<InvalidOperationException>(() => statistics.AssertInvariants()).Message, StringComparison.Ordinal);
    }
}
