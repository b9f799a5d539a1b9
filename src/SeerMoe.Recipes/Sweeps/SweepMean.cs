using System.Collections.Immutable;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>
/// Points that differ in their seed alone, as one row: the mean over seeds with its standard error.
/// <code>
/// seed   prune.criterion   perplexity             prune.criterion   perplexity
/// 1      soft              2.0        ─▶          soft              2.5 ± 0.5
/// 2      soft              3.0
/// </code>
/// </summary>
internal static class SweepMean
{
    public const string SeedKey = "seed";

    public static SweepTable Of(SweepTable table)
    {
        var keys = table.Keys.Except(WithSeed(table), StringComparer.Ordinal).ToImmutableArray();
        ImmutableArray<SweepRow> rows = [.. table.Rows.GroupBy(row => string.Join('\n', Settings(row, keys)), StringComparer.Ordinal).Select((seeds, i) => Row([.. seeds], i + 1, keys))];
        return table with { Keys = keys, Rows = rows, Full = FullOf(table) };
    }

    /// <summary>The keys whose values follow from the seed: they were zipped with it.</summary>
    private static IEnumerable<string> WithSeed(SweepTable table) => table.Keys.Where(key => table.Rows
        .GroupBy(row => Value(row, SeedKey), StringComparer.Ordinal)
        .All(seed => seed.Select(row => Value(row, key)).Distinct(StringComparer.Ordinal).Count() == 1)
        && (key == SeedKey || table.Rows.Select(row => Value(row, key)).Distinct(StringComparer.Ordinal).Count() > 1));

    // A seed that failed is told, not left out: the mean of the others would flatter.
    private static SweepRow Row(SweepRow[] seeds, int number, ImmutableArray<string> keys)
    {
        var point = seeds[0].Point with { Number = number, Settings = [.. Settings(seeds[0], keys)] };
        var failure = seeds.Select(seed => seed.Failure).FirstOrDefault(failed => failed is not null);
        var reports = seeds.Select(seed => seed.Report).OfType<EvaluationReport>().ToList();
        return failure is null && reports.Count == seeds.Length ? new SweepRow(point, MeanOf(reports), Failure: null) : new SweepRow(point, Report: null, failure);
    }

    private static EvaluationReport MeanOf(List<EvaluationReport> reports)
    {
        var randoms = reports.Select(report => report.Neighbours?.Random).OfType<RandomControl>().Select(random => new EvaluationResult(random.Results, random.Footprint)).ToList();
        return new EvaluationReport(
            MeanOf([.. reports.Select(report => report.Evaluation)]),
            randoms.Count < reports.Count ? null : new Neighbours { Random = RandomControl.Of([.. randoms.Select((random, i) => new RandomRun(i, random))]) });
    }

    private static EvaluationResult? FullOf(SweepTable table)
    {
        var full = table.Rows.GroupBy(row => Value(row, SeedKey), StringComparer.Ordinal).Select(seed => seed.Select(row => row.Report?.Neighbours?.Full).FirstOrDefault(full => full is not null)).ToList();
        return full.Contains(null) ? null : MeanOf([.. full.OfType<EvaluationResult>()]);
    }

    private static EvaluationResult MeanOf(IReadOnlyList<EvaluationResult> seeds) => new(RandomControl.MeanOf([.. seeds.Select(seed => seed.Results)]), seeds[0].Footprint);

    private static IEnumerable<Setting> Settings(SweepRow row, ImmutableArray<string> keys) => row.Point.Settings.Where(setting => keys.Contains(setting.Key));

    private static string? Value(SweepRow row, string key) => row.Point.Settings.FirstOrDefault(setting => setting.Key == key)?.Value;
}
