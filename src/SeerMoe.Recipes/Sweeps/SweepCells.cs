using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>
/// A sweep's table as people read it, the same cells on the console and in sweep.md.
/// <code>
/// | prune.ratio | facts, accuracy     | random prune    | bytes     |
/// | full model  | 1.0000              |                 | 7,363,072 |
/// | 0.25        | 0.9850 ± 0.0086 *   | 0.6900 ± 0.1169 | 5,786,112 |
/// </code>
/// </summary>
public static class SweepCells
{
    private const string OnFront = " *";

    /// <summary>What the stars mean: below the table.</summary>
    public const string Legend = "* on the Pareto front: no other point is at least as good in this number and in bytes, and better in one. Accuracy is maximised, perplexity and bytes are minimised.";

    /// <summary>What the numbers of <see cref="SweepTable.OverSeeds"/> are: below the table.</summary>
    public static string SeedsLegend(SweepTable table) => $"Means ± standard errors of the mean over {table.Seeds} seeds.";

    public static IReadOnlyList<string> Header(SweepTable table) =>
    [
        .. table.Keys.DefaultIfEmpty("point"),
        .. table.Metrics.SelectMany(metric => table.HasRandom ? [metric.Title, "random prune"] : new[] { metric.Title }),
        .. table.Metrics.Length > 0 ? ["parameters", "bytes"] : Array.Empty<string>(),
        .. HasFailures(table) ? ["error"] : Array.Empty<string>(),
    ];

    public static IEnumerable<IReadOnlyList<string>> Rows(SweepTable table) =>
        table.Full is { } full ? table.Rows.Select(row => Row(table, row)).Prepend(Row(table, full)) : table.Rows.Select(row => Row(table, row));

    private static string[] Row(SweepTable table, SweepRow row) =>
    [
        .. row.Point.Settings.Select(setting => setting.Value).DefaultIfEmpty(row.Point.Name),
        .. table.Metrics.SelectMany(metric => (string[])
        [
            Value(metric, row.ResultOf(metric.Task)) + (table.IsOnFront(row, metric) ? OnFront : ""),
            .. table.HasRandom ? [row.RandomOf(metric.Task) is { } random ? Value(metric, random) : ""] : Array.Empty<string>(),
        ]),
        .. Footprint(table, row.Report?.Evaluation),
        .. HasFailures(table) ? [row.Failure is { } failure ? $"{row.Point.Name}: {failure.Error}" : ""] : Array.Empty<string>(),
    ];

    // It is a neighbour and no point, so it takes no part in the front.
    private static string[] Row(SweepTable table, EvaluationResult full) =>
    [
        ModelNames.Full,
        .. table.Keys.Skip(1).Select(_ => ""),
        .. table.Metrics.SelectMany(metric => (string[])[Value(metric, full.Results.GetValueOrDefault(metric.Task)), .. table.HasRandom ? [""] : Array.Empty<string>()]),
        .. Footprint(table, full),
        .. HasFailures(table) ? [""] : Array.Empty<string>(),
    ];

    private static string[] Footprint(SweepTable table, EvaluationResult? evaluation) =>
        table.Metrics.Length == 0 ? [] : evaluation is null ? ["-", "-"] : [$"{evaluation.Footprint.Parameters:N0}", $"{evaluation.Footprint.Bytes:N0}"];

    private static string Value(SweepMetric metric, TaskResult? result) => result is null ? "-" : Figure.WithError(metric.Value(result), metric.Error(result));

    private static bool HasFailures(SweepTable table) => table.Rows.Any(row => row.Failure is not null);
}
