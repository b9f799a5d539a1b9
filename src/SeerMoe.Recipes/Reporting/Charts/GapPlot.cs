using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>How clear the cut of each layer is, in counting errors.</summary>
internal static class GapPlot
{
    /// <param name="edges">One a layer, with known errors.</param>
    public static Html Of(IReadOnlyList<CutEdge> edges)
    {
        const double top = 26;
        var rowHeight = edges.Count <= 16 ? 20 : 9;
        var bottom = top + (edges.Count * rowHeight);
        var scale = new Scale(0, Math.Max(3, edges.Max(edge => edge.Errors ?? 0) * 1.05), 56, Chart.Width - 12);
        var every = Math.Max(1, (int)Math.Ceiling(14.0 / rowHeight));
        return Chart.Of(
            "Gap at the cut by layer",
            string.Join("; ", edges.Select(edge => $"layer {edge.Layer}: {edge.Errors:F1}")),
            bottom + 34,
            $"""
            <g class="grid">{Html.Each(scale.Ticks(4), x => $"""<path d="M{scale.Of(x)} {top}V{bottom}"/>""")}</g>
            {Html.Each(edges, (edge, i) => $"""<rect class="bar" x="{scale.Start}" y="{top + (i * rowHeight) + (rowHeight * 0.2)}" width="{scale.Of(edge.Errors ?? 0) - scale.Start}" height="{rowHeight * 0.6}"/>""")}
            <path class="cut" d="M{scale.Of(2)} {top}V{bottom}"/>
            <g class="ticks">{Html.Each(edges, (edge, i) => i % every == 0 ? Html.Of($"""<text x="48" y="{top + ((i + 0.5) * rowHeight) + 4}" text-anchor="end">{edge.Layer!.Value}</text>""") : Html.None)}
            {Html.Each(scale.Ticks(4), x => $"""<text x="{scale.Of(x)}" y="{bottom + 15}" text-anchor="middle">{scale.Label(x, 4)}</text>""")}
            <text class="title" x="4" y="14">layer</text><text class="title" x="{scale.End}" y="{bottom + 30}" text-anchor="end">counting errors</text></g>
            """,
            $"from the last survivor to the first dropped expert of each layer; what ends left of the dashed line may fall out otherwise on another text");
    }
}
