using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Pruning;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenABudgetIsGiven
{
    [Theory]
    [InlineData(0, 8, 8)]
    [InlineData(0.25, 8, 6)]
    [InlineData(0.25, 6, 5)]
    [InlineData(0.25, 22, 17)]
    [InlineData(0.1, 8, 8)]
    [InlineData(0.29, 100, 71)]
    [InlineData(0.3, 10, 7)]
    public void A_ratio_rounds_down_what_is_dropped(double ratio, int experts, int survivors) =>
        Assert.Equal(survivors, PruneBudget.OfRatio(ratio).SurvivorsOf(experts, "the model"));

    [Fact]
    public void Never_more_is_dropped_than_was_asked() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt>(),
            Gen.Choose(0, 999).ToArbitrary(),
            (experts, thousandths) =>
            {
                var asked = (decimal)thousandths / 1000 * experts.Get;
                return experts.Get - PruneBudget.OfRatio(thousandths / 1000.0).SurvivorsOf(experts.Get, "the model") == (int)decimal.Floor(asked);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_to_keep_is_kept() => Assert.Equal(6, PruneBudget.OfKeep(6).SurvivorsOf(8, "layer 0"));

    [Fact]
    public void More_to_keep_than_there_is_is_refused()
    {
        var error = Assert.Throws<InputException>(() => PruneBudget.OfKeep(9).SurvivorsOf(8, "layer 3"));

        Assert.Equal("9 experts are to be kept, layer 3 has 8.", error.What);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(double.NaN)]
    public void A_share_outside_zero_to_one_is_refused(double ratio) => Assert.Throws<InputException>(() => PruneBudget.OfRatio(ratio));

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Keeping_nobody_is_refused(int keep) => Assert.Throws<InputException>(() => PruneBudget.OfKeep(keep));
}
