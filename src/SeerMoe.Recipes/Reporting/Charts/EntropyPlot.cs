namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>The routers' entropy of each layer: before, after, and the most it could be.</summary>
internal static class EntropyPlot
{
    /// <param name="layers">Ascending.</param>
    /// <param name="before">Of the full model, nats.</param>
    /// <param name="after">After the training, nats; empty where nothing was trained.</param>
    /// <param name="experts">Experts that each layer ends with.</param>
    public static Html Of(IReadOnlyList<int> layers, IReadOnlyList<double> before, IReadOnlyList<double> after, IReadOnlyList<int> experts)
    {
        const double top = 26;
        var rowHeight = layers.Count <= 16 ? 22 : 9;
        var bottom = top + (layers.Count * rowHeight);
        double[] most = [.. experts.Select(count => Math.Log(count))];
        var scale = new Scale(0, Math.Max(before.Concat(after).DefaultIfEmpty(0).Max(), most.Max()) * 1.04, 56, Chart.Width - 12);
        Mark ofBefore = Mark.Of(Running.ComparedKind.Full), ofAfter = Mark.Of(Running.ComparedKind.Newest);
        var every = Math.Max(1, (int)Math.Ceiling(14.0 / rowHeight));
        return Chart.Of(
            "Routing entropy by layer",
            string.Join("; ", layers.Select((layer, l) => $"layer {layer}: {before[l]:F3}{(after.Count > l ? $" then {after[l]:F3}" : "")} of at most {most[l]:F3} nats")),
            bottom + 34,
            $"""
            <g class="grid">{Html.Each(scale.Ticks(4), x => $"""<path d="M{scale.Of(x)} {top}V{bottom}"/>""")}</g>
            {Html.Each(layers, (_, l) => Row(l, top + ((l + 0.5) * rowHeight)))}
            <g class="ticks">{Html.Each(layers, (layer, l) => l % every == 0 ? Html.Of($"""<text x="48" y="{top + ((l + 0.5) * rowHeight) + 4}" text-anchor="end">{layer}</text>""") : Html.None)}
            {Html.Each(scale.Ticks(4), x => $"""<text x="{scale.Of(x)}" y="{bottom + 15}" text-anchor="middle">{scale.Label(x, 4)}</text>""")}
            <text class="title" x="4" y="14">layer</text><text class="title" x="{scale.End}" y="{bottom + 30}" text-anchor="end">nats a token</text></g>
            """,
            $"""{ofBefore.Key} full model, on the calibration text{Html.If(after.Count > 0, () => $"""; {ofAfter.Key} at the end of the training, on its text""")}; a bar marks ln E, where each of the E experts left is as likely as any other""");

        Html Row(int l, double y) =>
            $"""
            <path class="limit" d="M{scale.Of(most[l])} {y - 6}v12"/>
            {Html.If(after.Count > l, () => $"""<path class="change" d="M{scale.Of(before[l])} {y}H{scale.Of(after[l])}"/>""")}
            {ofBefore.At(scale.Of(before[l]), y)}{Html.If(after.Count > l, () => ofAfter.At(scale.Of(after[l]), y))}
            """;
    }
}
