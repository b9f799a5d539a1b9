using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>One metric against bytes: every point with its error bar, the Pareto front, the full model, and the random prunes as a band.</summary>
/// <param name="table">Of the sweep.</param>
internal sealed class ParetoPlot(SweepTable table)
{
    private const double Height = 280;

    // What makes a model smaller is the way along a series; all else tells the series apart.
    private static readonly string[] Along = ["prune.ratio", "prune.keep"];

    private readonly IReadOnlyList<string> _series = [.. table.Rows.Select(SeriesOf).Distinct(StringComparer.Ordinal)];

    /// <summary>The drawing; nothing where no point has that number.</summary>
    public Html Of(SweepMetric metric)
    {
        var points = table.Rows.Select(row => Point(row, metric)).OfType<PlotPoint>().OrderBy(point => point.Bytes).ToList();
        var band = table.Rows.Select(row => Random(row, metric)).OfType<PlotPoint>().DistinctBy(point => point.Bytes).OrderBy(point => point.Bytes).ToList();
        var full = Full(metric);
        if (points.Count == 0)
        {
            return Html.None;
        }

        PlotPoint[] all = [.. points, .. band, .. full is null ? [] : new[] { full }];
        var axes = new Axes(
            Scale.Around(all.Select(point => (double)point.Bytes), 48, Chart.Width - 10),
            Scale.AroundPositive(all.SelectMany(point => new[] { point.Value - point.Error, point.Value, point.Value + point.Error }.Where(value => metric.IsHigherBetter || value > 0)), Height - 34, 24));
        var front = points.Where(point => table.IsOnFront(point.Row!, metric)).ToList();
        return Chart.Of(
            $"{metric.Title} against bytes",
            string.Join("; ", points.Select(point => $"{SeriesOf(point.Row!)} at {point.Bytes:N0} bytes: {Figure.WithError(point.Value, point.Error)}")),
            Height,
            $"""
            {axes.Draw("bytes", metric.Name)}{Band(axes, band)}
            <path class="front" d="{Html.Each(front, (point, i) => $"{(i == 0 ? "M" : "L")}{axes.X.Of(point.Bytes)} {axes.Y.Of(point.Value)}")}"/>
            {(full is null ? Html.None : Draw(axes, full, Mark.Of(ComparedKind.Full)))}
            {Html.Each(points, point => Draw(axes, point, Mark.OfSeries(SeriesNumber(point.Row!))))}
            """,
            $"""
            {Html.Each(_series.Where(series => series.Length > 0), series => $"{Mark.OfSeries(NumberOf(series)).Key} {series}; ")}{Html.If(full is not null, () => $"{Mark.Of(ComparedKind.Full).Key} full model; ")}{Html.If(band.Count > 0, () => $"""<span class="swatch random"></span> random prunes, mean ± standard error; """)}line: Pareto front; {(metric.IsHigherBetter ? "higher" : "lower")} is better
            """);
    }

    private static Html Draw(Axes axes, PlotPoint point, Mark mark)
    {
        var (x, y) = (axes.X.Of(point.Bytes), axes.Y.Of(point.Value));
        return $"""<g><title>{(point.Row is { } row ? $"{row.Point}: " : "")}{Figure.WithError(point.Value, point.Error)}</title>{Html.If(point.Error > 0, () => $"""<path class="error {mark.Class}" d="M{x} {axes.Y.Of(point.Value - point.Error)}V{axes.Y.Of(point.Value + point.Error)}"/>""")}{mark.At(x, y)}</g>""";
    }

    private static Html Band(Axes axes, List<PlotPoint> band)
    {
        if (band.Count == 0)
        {
            return Html.None;
        }

        const double half = 5; // a single size has some width too
        List<(double X, PlotPoint Point)> at = band.Count > 1
            ? [.. band.Select(point => (axes.X.Of(point.Bytes), point))]
            : [(axes.X.Of(band[0].Bytes) - half, band[0]), (axes.X.Of(band[0].Bytes) + half, band[0])];
        var upper = Html.Each(at, (place, i) => $"{(i == 0 ? "M" : "L")}{place.X} {axes.Y.Of(place.Point.Value + place.Point.Error)}");
        var lower = Html.Each(at.AsEnumerable().Reverse(), place => $"L{place.X} {axes.Y.Of(place.Point.Value - place.Point.Error)}");
        var middle = Html.Each(at, (place, i) => $"{(i == 0 ? "M" : "L")}{place.X} {axes.Y.Of(place.Point.Value)}");
        return $"""<path class="randomband" d="{upper}{lower}Z"/><path class="error random" d="{middle}"/>""";
    }

    private PlotPoint? Full(SweepMetric metric) => table.Full is { } full && full.Results.GetValueOrDefault(metric.Task) is { } result ? Of(row: null, metric, result, full.Footprint.Bytes) : null;

    private static PlotPoint? Point(SweepRow row, SweepMetric metric) => row.ResultOf(metric.Task) is { } result ? Of(row, metric, result, row.Report!.Evaluation.Footprint.Bytes) : null;

    private static PlotPoint? Random(SweepRow row, SweepMetric metric) => row.RandomOf(metric.Task) is { } result ? Of(row, metric, result, row.Report!.Neighbours!.Random!.Footprint.Bytes) : null;

    private static PlotPoint? Of(SweepRow? row, SweepMetric metric, TaskResult result, long bytes) =>
        metric.Value(result) is { } value && double.IsFinite(value) ? new PlotPoint(row, bytes, value, metric.Error(result) is { } error && double.IsFinite(error) ? error : 0) : null;

    /// <summary>"soft, layer": all but how much is dropped.</summary>
    internal static string SeriesOf(SweepRow row) => string.Join(", ", row.Point.Settings.Where(setting => !Along.Contains(setting.Key)).Select(setting => setting.Value));

    private int SeriesNumber(SweepRow row) => NumberOf(SeriesOf(row));

    private int NumberOf(string series) => _series.Select((name, i) => (name, i)).First(pair => pair.name == series).i;

    private sealed record PlotPoint(SweepRow? Row, long Bytes, double Value, double Error);
}
