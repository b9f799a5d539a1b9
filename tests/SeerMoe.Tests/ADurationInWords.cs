namespace SeerMoe.Tests;

public class ADurationInWords
{
    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(0.06, "0.1 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(17.4, "17 s")]
    [InlineData(99.4, "99 s")]
    [InlineData(99.6, "1 min 40 s")]
    [InlineData(119.7, "2 min 00 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(3599.4, "59 min 59 s")]
    [InlineData(3599.8, "1 h 00 min")]
    [InlineData(7800, "2 h 10 min")]
    [InlineData(100_000, "27 h 46 min")]
    public void Is_as_exact_as_it_is_short_where_it_was_measured(double seconds, string text) =>
        Assert.Equal(text, DurationText.Of(seconds));

    [Theory]
    [InlineData(0.06, "1 s")]
    [InlineData(17.4, "17 s")]
    [InlineData(99.6, "2 min")]
    [InlineData(185, "3 min")]
    [InlineData(5969, "99 min")]
    [InlineData(5971, "1.7 h")]
    [InlineData(7800, "2.2 h")]
    [InlineData(35_900, "10 h")]
    [InlineData(100_000, "28 h")]
    [InlineData(5_000_000, "1,389 h")]
    public void Has_one_unit_where_it_was_estimated(double seconds, string text) =>
        Assert.Equal(text, DurationText.About(seconds));
}
