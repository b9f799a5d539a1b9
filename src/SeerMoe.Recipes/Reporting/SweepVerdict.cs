using SeerMoe.Recipes.Reporting.Charts;
using SeerMoe.Recipes.Sweeps;

namespace SeerMoe.Recipes.Reporting;

/// <summary>What came out of a sweep, in one sentence: which series beat chance how often, and the smallest point that holds up to the full model.</summary>
public static class SweepVerdict
{
    private const int MostSeries = 6;

    public static string Of(SweepTable table)
    {
        var failed = table.Rows.Count(row => row.Failure is not null);
        string?[] clauses = [BesideChance(table), Smallest(table), failed > 0 ? $"{failed} of {table.Rows.Length} points failed" : null];
        var told = clauses.OfType<string>().ToList();
        return told.Count == 0 ? $"{table.Rows.Length} points ran." : $"{string.Join("; ", told)}.";
    }

    private static string? BesideChance(SweepTable table)
    {
        var series = table.Rows
            .GroupBy(ParetoPlot.SeriesOf, StringComparer.Ordinal)
            .Select(rows => (Name: rows.Key, Standings: rows.SelectMany(row => table.Metrics.Select(metric => Of(row, metric))).OfType<Standing>().ToList()))
            .Where(rows => rows.Standings.Count > 0)
            .Select(rows => (rows.Name, Better: rows.Standings.Count(standing => standing == Standing.Better), Of: rows.Standings.Count))
            .ToList();
        return series.Count switch
        {
            0 => null,
            1 => $"Random prunes of the same size are beaten in {series[0].Better} of {series[0].Of} comparisons",
            _ => $"Random prunes of the same size are beaten by {string.Join(", ", series.OrderByDescending(one => (double)one.Better / one.Of).Take(MostSeries).Select(one => $"{one.Name} in {one.Better} of {one.Of}"))} comparisons",
        };

        static Standing? Of(SweepRow row, SweepMetric metric) =>
            row.ResultOf(metric.Task) is { } result && row.RandomOf(metric.Task) is { } random ? Compared.Of(result.Headline, random.Headline) : null;
    }

    private static string? Smallest(SweepTable table)
    {
        if (table.Full is not { } full || table.Metrics.Length == 0)
        {
            return null;
        }

        var holding = table.Rows
            .Where(row => row.Report is not null && row.Report.Evaluation.Footprint.Bytes < full.Footprint.Bytes)
            .Where(row => table.Metrics.All(metric => row.ResultOf(metric.Task) is { } result && full.Results.GetValueOrDefault(metric.Task) is { } ofFull && Compared.Of(result.Headline, ofFull.Headline) is not (null or Standing.Worse)))
            .MinBy(row => row.Report!.Evaluation.Footprint.Bytes);
        return holding is null
            ? "no smaller point is within two standard errors of the full model everywhere"
            : $"the smallest within two standard errors of the full model everywhere is {holding.Point} ({ShortNumber.Of(holding.Report!.Evaluation.Footprint.Bytes)} of {ShortNumber.Of(full.Footprint.Bytes)} bytes)";
    }
}
