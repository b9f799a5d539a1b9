using System.Collections.Immutable;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>What came out of every point, and which points are on the Pareto front of each metric against bytes.</summary>
/// <param name="Name">The recipe's.</param>
/// <param name="Keys">What is swept, in order.</param>
/// <param name="Metrics">One a task (its subjects and domains are in the points' own reports), in the tasks' order by name.</param>
/// <param name="Rows">One a point, in order.</param>
/// <param name="Full">The model before anything was done to it; null where the points did not measure it, or not the same.</param>
public sealed record SweepTable(string Name, ImmutableArray<string> Keys, ImmutableArray<SweepMetric> Metrics, ImmutableArray<SweepRow> Rows, EvaluationResult? Full)
{
    internal const int OurFault = 1;
    internal const int BadInput = 2;

    /// <summary>0 when every point is done; else the worst of the points' own codes, our fault being worse than bad input.</summary>
    public int ExitCode => Rows.Select(row => row.Failure?.ExitCode ?? 0).Where(code => code != 0).DefaultIfEmpty(0).Min();

    /// <summary>Different seeds among the points.</summary>
    public int Seeds => Rows.SelectMany(row => row.Point.Settings).Where(setting => setting.Key == SweepMean.SeedKey).Select(setting => setting.Value).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Whether any point has a random control beside it.</summary>
    public bool HasRandom => Rows.Any(row => row.Report?.Neighbours?.Random is not null);

    /// <summary>Reads what is in the sweep's folder.</summary>
    public static SweepTable Of(SweepFolder folder, SweepFile file)
    {
        ImmutableArray<SweepRow> rows = [.. file.Points.Select(point => new SweepRow(point, ReportOf(folder, point), folder.IsDone(point) ? null : folder.FailureOf(point) ?? NotRun))];
        var reports = rows.Select(row => row.Report).OfType<EvaluationReport>().ToList();
        ImmutableArray<SweepMetric> metrics =
        [
            .. reports.SelectMany(report => report.Evaluation.Results).Where(result => result.Value.Group is null)
                .Select(result => SweepMetric.Of(result.Key, result.Value)).Distinct().OrderBy(metric => metric.Task, StringComparer.Ordinal),
        ];
        var full = reports.Select(report => report.Neighbours?.Full).OfType<EvaluationResult>().DistinctBy(result => SeerJson.Text(result), StringComparer.Ordinal).ToList();
        return new SweepTable(file.Name, [.. file.Points[0].Settings.Select(setting => setting.Key)], metrics, rows, full is [var only] ? only : null);
    }

    /// <summary>
    /// The same with a row for all points that differ in the seed alone (and in what changes together with it): means over seeds,
    /// with the standard error of that mean; null where no seed is swept.
    /// </summary>
    public SweepTable? OverSeeds => Keys.Contains(SweepMean.SeedKey) ? SweepMean.Of(this) : null;

    /// <summary>Whether no other point is at least as good in both, the metric and bytes, and better in one.</summary>
    public bool IsOnFront(SweepRow row, SweepMetric metric) => Costs(row, metric) is { } own && ParetoFront.Holds(own, Rows.Select(other => Costs(other, metric)).OfType<(double, double)>());

    private static (double, double)? Costs(SweepRow row, SweepMetric metric) =>
        row.ResultOf(metric.Task) is { } result && metric.Value(result) is { } value ? (metric.IsHigherBetter ? -value : value, row.Report!.Evaluation.Footprint.Bytes) : null;

    private static PointFailure NotRun => new(BadInput, "not run", "The sweep was stopped before this point.");

    // An evaluation is a recipe's last stage.
    private static EvaluationReport? ReportOf(SweepFolder folder, SweepPoint point) =>
        folder.IsDone(point) && point.File.Recipe.Rolled.ToList() is [.., EvaluateStep step] steps
            ? EvaluationReport.Read(Path.Combine(folder.FolderOf(point), $"{steps.Count}-{step.StageId}", EvaluationReport.FileName))
            : null;
}

/// <summary>What one point gave.</summary>
/// <param name="Point">The point.</param>
/// <param name="Report">Null where it failed, or evaluates nothing.</param>
/// <param name="Failure">Null when it is done.</param>
public sealed record SweepRow(SweepPoint Point, EvaluationReport? Report, PointFailure? Failure)
{
    public TaskResult? ResultOf(string task) => Report?.Evaluation.Results.GetValueOrDefault(task);

    public TaskResult? RandomOf(string task) => Report?.Neighbours?.Random?.Results.GetValueOrDefault(task);
}

/// <summary>The number by which a task is judged.</summary>
/// <param name="Task">As the recipe calls it.</param>
/// <param name="Name">`accuracy`, `repetition` or `perplexity`.</param>
/// <param name="IsHigherBetter">Accuracy is maximised, the others are minimised.</param>
public sealed record SweepMetric(string Task, string Name, bool IsHigherBetter)
{
    /// <summary>"facts, accuracy".</summary>
    public string Title => Task == Name ? Name : $"{Task}, {Name}";

    public static SweepMetric Of(string task, TaskResult result) => new(task, result.Headline.Name, result.Headline.Better == Better.Higher);

    public double? Value(TaskResult result) => result.Headline.Value;

    public double? Error(TaskResult result) => result.Headline.Stderr;
}
