namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>
/// A number of every expert, layer by layer, in sixteen steps of viridis; dropped experts are struck through. The longer of the two sides
/// runs down where there are many experts. Cells of one colour are one path, so 60 layers of 256 experts take 300 kB and not 2 MB.
/// </summary>
internal static class HeatMap
{
    private const int Colors = 16;
    private const int MostAcross = 32;
    private const int MostWithNumbers = 10;
    private const int MostWithTitles = 1024;
    private const double Left = 34;
    private const double Top = 40;

    /// <param name="title">What the number is.</param>
    /// <param name="layers">Ascending.</param>
    /// <param name="values">One row a layer, one number an expert.</param>
    /// <param name="survivors">By layer; null where nothing is dropped.</param>
    /// <param name="caption">More words.</param>
    public static Html Of(string title, IReadOnlyList<int> layers, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<IReadOnlySet<int>>? survivors, string caption)
    {
        var most = values.Max(row => row.Count);
        var isTurned = most > MostAcross && layers.Count < most;
        var (across, down) = isTurned ? (layers.Count, most) : (most, layers.Count);
        var width = (Chart.Width - Left - 4) / across;
        var height = Math.Clamp(isTurned ? 520.0 / down : width * 0.8, 3, 26);
        var (least, largest) = (values.SelectMany(row => row).Min(), values.SelectMany(row => row).Max());
        var cells = values.SelectMany((row, l) => row.Select((value, e) => new Cell(l, e, value, Step(value), survivors?[l].Contains(e) != false))).ToList();
        var bottom = Top + (down * height);
        (double X, double Y) At(Cell cell) => isTurned ? (Left + (cell.Layer * width), Top + (cell.Expert * height)) : (Left + (cell.Expert * width), Top + (cell.Layer * height));

        return Chart.Of(
            title,
            $"{layers.Count} layers of up to {most} experts, from {ShortNumber.Of(least)} to {ShortNumber.Of(largest)}; {cells.Count(cell => !cell.Survives)} are dropped",
            bottom + 34,
            $"""
            <g class="heat">{Html.Each(cells.GroupBy(cell => cell.Step).OrderBy(step => step.Key), step => $"""<path class="v{step.Key}" d="{Html.Each(step, cell => $"M{At(cell).X} {At(cell).Y}h{width}v{height}h{-width}z")}"/>""")}</g>
            <path class="dropped" d="{Html.Each(cells.Where(cell => !cell.Survives), cell => $"M{At(cell).X + 1} {At(cell).Y + height - 1}l{width - 2} {-(height - 2)}")}"/>
            {Html.If(most <= MostWithNumbers && cells.Count <= MostWithTitles, () => Html.Each(cells, cell => $"""<text class="n{(cell.Step < 10 ? 0 : 1)}" x="{At(cell).X + (width / 2)}" y="{At(cell).Y + (height / 2) + 3.5}">{ShortNumber.Of(cell.Value)}</text>"""))}
            {Html.If(cells.Count <= MostWithTitles, () => Html.Each(cells, cell => $"""<rect class="hover" x="{At(cell).X}" y="{At(cell).Y}" width="{width}" height="{height}"><title>layer {layers[cell.Layer]}, expert {cell.Expert}: {ShortNumber.Of(cell.Value)}{(cell.Survives ? "" : ", dropped")}</title></rect>"""))}
            <g class="ticks">{Labels(across, isTurned ? l => layers[l] : e => e, width, 22, (i, label) => $"""<text x="{Left + ((i + 0.5) * width)}" y="{Top - 6}" text-anchor="middle">{label}</text>""")}
            {Labels(down, isTurned ? e => e : l => layers[l], height, 13, (i, label) => $"""<text x="{Left - 5}" y="{Top + ((i + 0.5) * height) + 4}" text-anchor="end">{label}</text>""")}
            <text class="title" x="{Left}" y="14">{(isTurned ? "layer across, expert down" : "expert across, layer down")}</text></g>
            {Ramp(bottom + 12, least, largest)}
            """,
            $"{caption}");

        int Step(double value) => largest > least ? Math.Min(Colors - 1, (int)((value - least) / (largest - least) * Colors)) : 0;
    }

    // Every n-th number, so that none touches its neighbour.
    private static Html Labels(int count, Func<int, int> label, double size, double least, Func<int, int, Html> text)
    {
        var every = Math.Max(1, (int)Math.Ceiling(least / size));
        return Html.Each(Enumerable.Range(0, count).Where(i => i % every == 0), i => text(i, label(i)));
    }

    private static Html Ramp(double y, double least, double largest)
    {
        const double width = 8;
        const double x = Left + 60;
        return $"""
            <g class="heat">{Html.Each(Enumerable.Range(0, Colors), i => $"""<rect class="v{i}" x="{x + (i * width)}" y="{y}" width="{width + 0.5}" height="10"/>""")}</g>
            <g class="ticks"><text x="{x - 6}" y="{y + 9}" text-anchor="end">{ShortNumber.Of(least)}</text><text x="{x + (Colors * width) + 6}" y="{y + 9}">{ShortNumber.Of(largest)}</text></g>
            """;
    }

    private sealed record Cell(int Layer, int Expert, double Value, int Step, bool Survives);
}
