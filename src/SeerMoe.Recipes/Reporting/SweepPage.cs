using SeerMoe.Recipes.Reporting.Charts;
using SeerMoe.Recipes.Sweeps;

namespace SeerMoe.Recipes.Reporting;

/// <summary>The page of a sweep: verdict, Pareto plots, the table of all points with links to their own pages.</summary>
public static class SweepPage
{
    /// <param name="table">Of the sweep.</param>
    /// <param name="recipeText">As it was frozen.</param>
    /// <param name="hasPage">Whether a point, by its name, has a page of its own.</param>
    public static string Of(SweepTable table, string recipeText, Func<string, bool> hasPage)
    {
        var shown = table.OverSeeds ?? table;
        var plot = new ParetoPlot(shown);
        return HtmlPage.Of(
            table.Name,
            $"dotnet seer, report of a sweep",
            SweepVerdict.Of(shown),
            $"""
            <ul class="tiles"><li><strong>{table.Rows.Length}</strong><span>points</span></li>{Sizes(table)}<li><strong>{table.Keys.Length}</strong><span>swept: {string.Join(", ", table.Keys)}</span></li>{Html.If(table.Keys.Contains(SweepMean.SeedKey), () => $"<li><strong>{table.Seeds}</strong><span>seeds, shown as means</span></li>")}</ul>
            <section><h2>Quality against size</h2>
            <div class="charts">{Html.Each(shown.Metrics, plot.Of)}</div>
            </section>
            <section><h2>Points</h2>
            {(shown == table ? Html.None : Html.Of($"<p>{SweepCells.SeedsLegend(table)}</p>{Table(shown, hasPage: null)}"))}
            {(shown == table ? Table(table, hasPage) : Html.Of($"<details><summary>Every seed</summary>{Table(table, hasPage)}</details>"))}
            <p class="soft">{SweepCells.Legend}</p>
            </section>
            <section><h2>Proof</h2>
            <p>Every point is a run with a lock of its own. In the folder of this page:</p>
            <pre><code>dotnet seer verify points/{table.Rows[0].Point.Name}</code></pre>
            <details><summary>The recipe</summary><pre><code>{recipeText}</code></pre></details>
            </section>

            """);
    }

    private static Html Sizes(SweepTable table)
    {
        List<long> sizes = [.. table.Rows.Select(row => row.Report?.Evaluation.Footprint.Bytes).OfType<long>()];
        return sizes.Count == 0 ? Html.None : Html.Of($"<li><strong>{ShortNumber.Of(sizes.Min())} to {ShortNumber.Of(sizes.Max())}</strong><span>bytes{Html.If(table.Full is not null, () => $", the full model {ShortNumber.Of(table.Full!.Footprint.Bytes)}")}</span></li>");
    }

    // The first column names the point where it has a page.
    private static Html Table(SweepTable table, Func<string, bool>? hasPage)
    {
        var rows = SweepCells.Rows(table).ToList();
        var neighbours = rows.Count - table.Rows.Length; // the full model stands above the points
        return HtmlTable.Of(
            table.Name,
            SweepCells.Header(table),
            rows.Select((row, r) => (IReadOnlyList<Html>)[.. row.Select((cell, c) => c == 0 && r >= neighbours && hasPage?.Invoke(table.Rows[r - neighbours].Point.Name) == true
                ? Html.Of($"""<a href="points/{table.Rows[r - neighbours].Point.Name}/{ReportFile.Name}">{cell}</a>""")
                : Html.Of($"{cell}"))]),
            isDense: true);
    }
}
