using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>A row of a table of results.</summary>
/// <param name="Name">Of the task and its number, or of what the row tells more.</param>
/// <param name="IsDetail">Whether it belongs to the row above.</param>
/// <param name="Cells">One a model, empty where there is no such number.</param>
public sealed record ResultRow(string Name, bool IsDetail, IReadOnlyList<string> Cells);

/// <summary>
/// Every number of an evaluation beside its neighbours, the same cells on the console, on the report's page and in the model card.
/// <code>
/// |                  | full model | random prune (mean ± standard error over 3 seeds) | pruned | regularized |
/// | facts, accuracy  | 0.912 ± .. | 0.655 ± ..                                       | ...    | ...         |
/// |   KL to the full |            | 0.3121                                           | ...    | ...         |
/// |   answers changed|            |                                                  | 34.5% (p 1.4e-11) | .. |
/// | parameters       | ...        |                                                  |        |             |
/// </code>
/// </summary>
/// <param name="Models">The columns.</param>
/// <param name="Rows">In order.</param>
public sealed record ResultCells(IReadOnlyList<ComparedModel> Models, IReadOnlyList<ResultRow> Rows)
{
    public static ResultCells Of(Recipe recipe, EvaluationReport report)
    {
        List<ComparedModel> models = [.. ComparedModel.Of(recipe, report)];
        var newest = models[^1];
        var rows = newest.Results.Where(result => result.Value.Group is null).SelectMany(result => OfTask(models, result.Key, result.Value, report.WorstDomains?.GetValueOrDefault(result.Key)));
        return new ResultCells(models, [.. rows, .. OfFootprint(models)]);
    }

    /// <summary>"facts, accuracy"; "perplexity" where both are one word.</summary>
    public static string NameOf(string task, TaskResult result) => task == result.Headline.Name ? task : $"{task}, {result.Headline.Name}";

    private static IEnumerable<ResultRow> OfTask(List<ComparedModel> models, string task, TaskResult result, WorstDomain? worst)
    {
        TaskResult Result(ComparedModel model) => model.Results[task];
        yield return new ResultRow(NameOf(task, result), IsDetail: false, [.. models.Select(model => Figure.WithError(Result(model).Headline.Value, Result(model).Headline.Stderr))]);
        ResultRow[] details =
        [
            new("KL to the full model", IsDetail: true, [.. models.Select(model => Result(model).KlToBase is { } nats ? $"{nats:F4}" : "")]),
            new("answers changed", IsDetail: true, [.. models.Select(model => Result(model).Paired is { } paired ? Figure.Changed(paired) : "")]),
            new("worst domain", IsDetail: true, [.. models.Select(model => model == models[^1] && worst is not null ? Figure.Worst(worst) : "")]),
        ];
        foreach (var detail in details.Where(IsAny))
        {
            yield return detail;
        }
    }

    private static IEnumerable<ResultRow> OfFootprint(List<ComparedModel> models)
    {
        yield return new ResultRow("parameters", IsDetail: false, [.. models.Select(model => $"{model.Footprint.Parameters:N0}")]);
        yield return new ResultRow("active parameters", IsDetail: false, [.. models.Select(model => $"{model.Footprint.ActiveParameters:N0}")]);
        yield return new ResultRow("bytes", IsDetail: false, [.. models.Select(model => $"{model.Footprint.Bytes:N0}")]);
        foreach (var length in models[^1].Footprint.FlopsPerToken?.Keys ?? [])
        {
            var row = new ResultRow($"FLOPs a token at {length:N0} tokens", IsDetail: false, [.. models.Select(model => model.Footprint.FlopsPerToken?.GetValueOrDefault(length) is { } flops ? $"{flops:N0}" : "")]);
            if (IsAny(row))
            {
                yield return row;
            }
        }
    }

    private static bool IsAny(ResultRow row) => row.Cells.Any(cell => cell.Length > 0);
}
