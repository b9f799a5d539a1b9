using SeerMoe.Recipes.Reporting;
using SeerMoe.Recipes.Reporting.Charts;

namespace SeerMoe.Recipes.Tests.Reporting;

public class APieceOfHtml
{
    [Fact]
    public void Escapes_text_and_keeps_pieces()
    {
        var name = "<script>alert(\"a & b\")</script>\u0001";
        Html cell = $"<td title=\"{name}\">{name}</td>";

        Assert.Equal("<td title=\"&lt;script&gt;alert(&quot;a &amp; b&quot;)&lt;/script&gt;\uFFFD\">&lt;script&gt;alert(&quot;a &amp; b&quot;)&lt;/script&gt;\uFFFD</td>", cell.ToString());
        Assert.Equal($"<tr>{cell}{cell}</tr>", Html.Of($"<tr>{cell}{cell}</tr>").ToString());
    }

    [Theory]
    [InlineData(1.0, "1")]
    [InlineData(1.23456, "1.23")]
    [InlineData(-0.001, "0")]
    [InlineData(1234567.5, "1234567.5")]
    public void Writes_coordinates_to_the_hundredth(double coordinate, string text) => Assert.Equal(text, Html.Of($"{coordinate}").ToString());

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.85, "0.85")]
    [InlineData(9.999, "10")]
    [InlineData(999.6, "1k")]
    [InlineData(7_363_072, "7.36M")]
    [InlineData(46_702_792_704, "46.7G")]
    [InlineData(-65_536, "-65.5k")]
    [InlineData(0.00045, "4.5E-04")]
    public void Says_numbers_in_three_digits(double value, string text) => Assert.Equal(text, ShortNumber.Of(value));

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.25, 0.5, 0.75, 1 })]
    [InlineData(1.4, 2.6, new[] { 1.5, 2, 2.5 })]
    [InlineData(-3, 11, new[] { 0.0, 5, 10 })]
    public void Has_round_numbers_at_its_axes(double from, double to, double[] ticks) => Assert.Equal(ticks, new Scale(from, to, 0, 100).Ticks(4), (a, b) => Math.Abs(a - b) < 1e-9);

    [Theory]
    [InlineData(301.6, 303.4, "302 302.5 303")]
    [InlineData(1.4, 2.6, "1.5 2 2.5")]
    [InlineData(0, 30_000, "0 10k 20k 30k")]
    public void Tells_its_round_numbers_apart(double from, double to, string labels)
    {
        var scale = new Scale(from, to, 0, 100);
        Assert.Equal(labels, string.Join(' ', scale.Ticks(4).Select(tick => scale.Label(tick, 4))));
    }

    [Fact]
    public void Takes_logarithms_where_values_reach_far()
    {
        var scale = Scale.AroundPositive([1.4, 20], 0, 100);

        Assert.True(scale.IsLogarithmic);
        Assert.Equal([2.0, 5, 10, 20], scale.Ticks(4), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(scale.Of(10) - scale.Of(5), scale.Of(4) - scale.Of(2), 9);
        Assert.False(Scale.AroundPositive([1.4, 2.3], 0, 100).IsLogarithmic);
        Assert.False(Scale.AroundPositive([0, 20], 0, 100).IsLogarithmic);
    }
}
