using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>One number of several models, each a mark with its error bar.</summary>
internal static class DotPlot
{
    private const double RowHeight = 30;
    private const double Left = 12;

    /// <param name="title">Of the task.</param>
    /// <param name="rows">From top to bottom; those without a number have no mark.</param>
    /// <param name="better">`higher` or `lower`.</param>
    public static Html Of(string title, IReadOnlyList<DotRow> rows, string better)
    {
        var scale = Scale.AroundPositive(rows.SelectMany(row => row.Value is { } value ? [value - (row.Error ?? 0), value, value + (row.Error ?? 0)] : Array.Empty<double>()), Left, Chart.Width - Left);
        var bottom = (rows.Count * RowHeight) + 6;
        return Chart.Of(
            title,
            string.Join("; ", rows.Select(row => $"{row.Name} {Figure.WithError(row.Value, row.Error)}")),
            bottom + 20,
            $"""
            <g class="grid">{Html.Each(scale.Ticks(4), x => $"""<path d="M{scale.Of(x)} 0V{bottom}"/>""")}</g>
            {Html.Each(rows, (row, i) => Row(row, scale, (i * RowHeight) + 22))}
            <g class="ticks">{Html.Each(scale.Ticks(4), x => $"""<text x="{scale.Of(x)}" y="{bottom + 14}" text-anchor="middle">{scale.Label(x, 4)}</text>""")}</g>
            """,
            $"{better} is better");
    }

    private static Html Row(DotRow row, Scale scale, double y) =>
        $"""
        <text class="label" x="{Left}" y="{y - 8}">{row.Name}</text><text class="value" x="{Chart.Width - Left}" y="{y - 8}" text-anchor="end">{Figure.WithError(row.Value, row.Error)}</text>
        {(row.Value is not { } value || !double.IsFinite(value) ? Html.None : Html.Of($"{ErrorBar(row, value, scale, y)}{row.Mark.At(scale.Of(value), y)}"))}
        """;

    private static Html ErrorBar(DotRow row, double value, Scale scale, double y) => row.Error is { } error && double.IsFinite(error)
        ? Html.Of($"""<path class="error {row.Mark.Class}" d="M{scale.Of(value - error)} {y}H{scale.Of(value + error)}"/>""")
        : Html.None;
}

/// <summary>A model in a <see cref="DotPlot"/>.</summary>
internal sealed record DotRow(string Name, Mark Mark, double? Value, double? Error)
{
    public static DotRow Of(ComparedModel model, string task) =>
        new(model.Kind == ComparedKind.Random ? "random prune" : model.Title, Mark.Of(model.Kind), model.Results[task].Headline.Value, model.Results[task].Headline.Stderr);
}
