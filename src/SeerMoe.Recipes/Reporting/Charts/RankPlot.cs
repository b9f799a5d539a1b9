using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>All experts by score, best first: survivors full, dropped ones hollow, and the line between.</summary>
internal static class RankPlot
{
    private const double Height = 200;
    private const int MostMarks = 256;

    /// <param name="plan">With scores of every layer.</param>
    /// <param name="edge">The cut.</param>
    public static Html Of(PrunePlan plan, CutEdge edge)
    {
        var experts = plan.Layers
            .SelectMany(layer => layer.Scores!.Value.Select((score, expert) => (Score: score, layer.Layer, Expert: expert, Survives: layer.Survivors.Contains(expert))))
            .OrderByDescending(expert => expert.Score).ThenBy(expert => expert.Layer).ThenBy(expert => expert.Expert)
            .ToList();
        var axes = new Axes(
            new Scale(0.5, experts.Count + 0.5, 48, Chart.Width - 8),
            Scale.Around(experts.Select(expert => expert.Score), Height - 34, 24))
        { HasWholeX = true };
        var cut = axes.Y.Of((edge.Last.Score + edge.First.Score) / 2);
        Html points = experts.Count <= MostMarks
            ? Html.Each(experts, (expert, i) => $"""<circle class="{(expert.Survives ? "survivor" : "lost")}" cx="{axes.X.Of(i + 1)}" cy="{axes.Y.Of(expert.Score)}" r="{(experts.Count <= 64 ? 3.5 : 2)}"><title>rank {i + 1}: layer {expert.Layer}, expert {expert.Expert}, {ShortNumber.Of(expert.Score)}{(expert.Survives ? "" : ", dropped")}</title></circle>""")
            : Html.Of($"""<path class="line newest" d="{Html.Each(experts, (expert, i) => $"{(i == 0 ? "M" : "L")}{axes.X.Of(i + 1)} {axes.Y.Of(expert.Score)}")}"/>""");
        return Chart.Of(
            "Experts by score",
            $"{experts.Count} experts, {experts.Count(expert => expert.Survives)} survive; the cut is between {ShortNumber.Of(edge.Last.Score)} and {ShortNumber.Of(edge.First.Score)}",
            Height,
            $"""
            {axes.Draw("rank", "score")}
            {(edge.Error is { } error ? Band(axes, edge.First.Score + (2 * error), edge.Last.Score - (2 * error)) : Html.None)}
            <path class="cut" d="M{axes.X.Start} {cut}H{axes.X.End}"/>{points}
            """,
            $"filled: kept; hollow: dropped; dashed: the cut{Html.If(edge.Error is not null, () => $"; shaded: two counting errors on each side of it")}");
    }

    private static Html Band(Axes axes, double upper, double lower)
    {
        var (top, bottom) = (Math.Max(axes.Y.End, axes.Y.Of(Math.Max(upper, lower))), Math.Min(axes.Y.Start, axes.Y.Of(Math.Min(upper, lower))));
        return $"""<rect class="band" x="{axes.X.Start}" y="{top}" width="{axes.X.End - axes.X.Start}" height="{Math.Max(0, bottom - top)}"/>""";
    }
}
