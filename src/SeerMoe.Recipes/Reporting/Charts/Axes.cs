namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>Two axes with a few round numbers and faint lines.</summary>
/// <param name="X">From left to right.</param>
/// <param name="Y">From bottom to top.</param>
internal sealed record Axes(Scale X, Scale Y)
{
    /// <summary>Whether the numbers below are whole.</summary>
    public bool HasWholeX { get; init; }

    /// <summary>Whether the numbers at the left are whole.</summary>
    public bool HasWholeY { get; init; }

    public Html Draw(string xTitle, string yTitle) =>
        $"""
        <g class="grid">{Html.Each(Ticks(Y, 4, HasWholeY), y => $"""<path d="M{X.Start} {Y.Of(y)}H{X.End}"/>""")}</g>
        <path class="axis" d="M{X.Start} {Y.Start}H{X.End}"/>
        <g class="ticks">{Html.Each(Ticks(Y, 4, HasWholeY), y => $"""<text x="{X.Start - 6}" y="{Y.Of(y) + 4}" text-anchor="end">{Y.Label(y, 4)}</text>""")}
        {Html.Each(Ticks(X, 4, HasWholeX), x => $"""<text x="{X.Of(x)}" y="{Y.Start + 16}" text-anchor="middle">{X.Label(x, 4)}</text>""")}
        <text class="title" x="{X.End}" y="{Y.Start + 31}" text-anchor="end">{xTitle}</text>
        <text class="title" x="4" y="{Y.End - 8}">{yTitle}</text></g>
        """;

    private static IEnumerable<double> Ticks(Scale scale, int about, bool isWhole) => scale.Ticks(about).Where(tick => !isWhole || tick == Math.Round(tick));
}
