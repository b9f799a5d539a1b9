namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>Numbers over the steps of a training: each step faint, and a mean over the last few.</summary>
internal static class LinePlot
{
    private const double Height = 190;
    private const int MostPoints = 1500; // finer than the drawing is wide

    /// <param name="title">What is measured.</param>
    /// <param name="unit">Of the numbers.</param>
    /// <param name="series">One or more lines of as many steps.</param>
    public static Html Of(string title, string unit, IReadOnlyList<(string Name, string Class, IReadOnlyList<double> Values)> series)
    {
        var steps = series[0].Values.Count;
        var axes = new Axes(
            new Scale(1, Math.Max(2, steps), 44, Chart.Width - 8),
            Scale.Around(series.SelectMany(line => line.Values), Height - 34, 24))
        { HasWholeX = true };
        return Chart.Of(
            title,
            string.Join("; ", series.Select(line => $"{line.Name} from {ShortNumber.Of(line.Values[0])} to {ShortNumber.Of(line.Values[^1])} in {steps} steps")),
            Height,
            $"""{axes.Draw("step", unit)}{Html.Each(series, line => Lines(axes, line.Class, line.Values))}""",
            Html.Each(series, (line, i) => $"""{(i == 0 ? "" : ", ")}<span class="swatch {line.Class}"></span> {line.Name}"""));
    }

    /// <summary>A line that keeps its value between steps: top-K.</summary>
    public static Html OfSteps(string title, string unit, string name, IReadOnlyList<double> values)
    {
        var axes = new Axes(
            new Scale(1, Math.Max(2, values.Count), 44, Chart.Width - 8),
            new Scale(0, values.Max() + 0.5, 130 - 34, 24))
        { HasWholeX = true, HasWholeY = true };
        var corners = values.Select((value, i) => (Value: value, Step: i + 1)).Where((point, i) => i == 0 || values[i - 1] != point.Value).ToList();
        return Chart.Of(
            title,
            string.Join(", ", corners.Select(corner => $"{corner.Value} from step {corner.Step}")),
            130,
            $"""{axes.Draw("step", unit)}<path class="line newest" d="{Html.Each(corners, (corner, i) => $"{(i == 0 ? "M" : "H")}{axes.X.Of(corner.Step)}{(i == 0 ? " " : "V")}{axes.Y.Of(corner.Value)}")}H{axes.X.End}"/>""",
            $"{(corners.Count == 1 ? $"{name} stays {values[0]}" : $"{name} goes from {values[0]} to {values[^1]}")}");
    }

    private static Html Lines(Axes axes, string color, IReadOnlyList<double> values)
    {
        var window = Math.Max(1, values.Count / 20);
        double[] smooth = [.. values.Select((_, i) => values.Skip(Math.Max(0, i - window + 1)).Take(Math.Min(window, i + 1)).Average())];
        return values.Count < 40
            ? Html.Of($"{Path(axes, $"line {color}", values)}")
            : Html.Of($"{Path(axes, $"faint {color}", values)}{Path(axes, $"line {color}", smooth)}");
    }

    private static Html Path(Axes axes, string css, IReadOnlyList<double> values)
    {
        var stride = Math.Max(1, values.Count / MostPoints);
        var points = values.Select((value, i) => (Value: value, Step: i + 1)).Where(point => double.IsFinite(point.Value) && (point.Step % stride == 0 || point.Step == values.Count));
        return $"""<path class="{css}" d="{Html.Each(points, (point, i) => $"{(i == 0 ? "M" : "L")}{axes.X.Of(point.Step)} {axes.Y.Of(point.Value)}")}"/>""";
    }
}
