using System.Collections.Immutable;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Reproducing;

/// <summary>A number of the evaluation, then and now; null where there is none.</summary>
/// <param name="Model">`result`, `full`, `random` or `pruned`.</param>
/// <param name="Allowed">How far apart they may be.</param>
public sealed record ComparedMetric(string Model, string Task, string Metric, double? Locked, double? Found, double Allowed)
{
    public bool Agrees => (Locked, Found) switch
    {
        (null, null) => true,
        ({ } locked, { } found) => Math.Abs(locked - found) <= Allowed,
        _ => false,
    };

    /// <summary>Every accuracy and perplexity of both reports.</summary>
    public static ImmutableArray<ComparedMetric> Of(EvaluationReport locked, EvaluationReport found, bool samePrecision) =>
    [
        .. from model in Models(locked).Keys.Union(Models(found).Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
           let before = Models(locked).GetValueOrDefault(model, NoResults)
           let now = Models(found).GetValueOrDefault(model, NoResults)
           from task in before.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
           from metric in OfTask(model, task, before.GetValueOrDefault(task, new TaskResult()), now.GetValueOrDefault(task, new TaskResult()), samePrecision)
           where metric.Locked is not null || metric.Found is not null
           select metric,
    ];

    private static readonly IReadOnlyDictionary<string, TaskResult> NoResults = new Dictionary<string, TaskResult>(StringComparer.Ordinal);

    private static Dictionary<string, IReadOnlyDictionary<string, TaskResult>> Models(EvaluationReport report)
    {
        var models = new Dictionary<string, IReadOnlyDictionary<string, TaskResult>>(StringComparer.Ordinal) { ["result"] = report.Evaluation.Results };
        if (report.Neighbours is { } neighbours)
        {
            Add("full", neighbours.Full?.Results);
            Add("random", neighbours.Random?.Results);
            Add("pruned", neighbours.Pruned?.Results);
        }

        return models;

        void Add(string name, IReadOnlyDictionary<string, TaskResult>? results)
        {
            if (results is not null)
            {
                models.Add(name, results);
            }
        }
    }

    private static IEnumerable<ComparedMetric> OfTask(string model, string task, TaskResult locked, TaskResult found, bool samePrecision)
    {
        ComparedMetric Accuracy(string name, Func<TaskResult, double?> value, Func<TaskResult, double?> error) =>
            new(model, task, name, value(locked), value(found), Tolerance.Accuracy(error(locked), error(found)));
        ComparedMetric Loss(string name, Func<TaskResult, double?> value) =>
            new(model, task, name, value(locked), value(found), Tolerance.Loss(value(locked) ?? 0, samePrecision));

        return
        [
            Accuracy("acc", result => result.Acc, result => result.AccStderr),
            Accuracy("acc_norm", result => result.AccNorm, result => result.AccNormStderr),
            Accuracy("acc_bytes", result => result.AccBytes, result => result.AccBytesStderr),
            Loss("perplexity", result => result.Perplexity),
            Loss("word_perplexity", result => result.WordPerplexity),
            Loss("byte_perplexity", result => result.BytePerplexity),
            Loss("bits_per_byte", result => result.BitsPerByte),
        ];
    }
}
