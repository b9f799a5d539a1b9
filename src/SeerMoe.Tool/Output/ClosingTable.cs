using SeerMoe.Architectures;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Inspection;
using SeerMoe.Torch.Evaluation;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>
/// How a run ends: every number beside its neighbours. The time of each stage goes to stderr, because equal runs have equal results.
/// <code>
/// |                  | full model | random prune (mean ± standard error over 3 seeds) | pruned | regularized |
/// | facts, accuracy  | 0.912 ± .. | 0.655 ± ..                                       | ...    | ...         |
/// | parameters       | ...        |                                                  |        |             |
/// </code>
/// </summary>
public static class ClosingTable
{
    public static void Print(Terminal terminal, RunOutcome outcome)
    {
        if (outcome.Result<EvaluateResult>() is { } result)
        {
            Print(terminal, [.. Columns(outcome.Plan.Recipe, result.Report)]);
            terminal.Space();
        }

        Tell(terminal, outcome);
        terminal.Output.Write($"run: {outcome.Folder}\n");
    }

    private static void Tell(Terminal terminal, RunOutcome outcome)
    {
        if (outcome.WasThere)
        {
            terminal.Tell("nothing to run: this run did all of it, and every file is what its lock says");
            return;
        }

        var seconds = StageTimes.Of(outcome.Folder);
        foreach (var stage in outcome.Plan.Stages)
        {
            terminal.Tell(outcome.Reused.TryGetValue(stage.Id, out var from) ? $"{stage.Folder}: reused from {from}" : $"{stage.Folder}: {seconds.GetValueOrDefault(stage.Id):F1} s");
        }
    }

    private static IEnumerable<Column> Columns(Recipe recipe, EvaluationReport report)
    {
        var (newest, neighbours) = (report.Evaluation, report.Neighbours);
        if (neighbours?.Full is { } full)
        {
            yield return new Column(ModelNames.Full, full.Results, full.Footprint);
        }

        if (neighbours?.Random is { } random)
        {
            yield return new Column(random.Seeds.Length == 1 ? "random prune (1 seed)" : $"random prune (mean ± standard error over {random.Seeds.Length} seeds)", random.Results, random.Footprint);
        }

        if (neighbours?.Pruned is { } pruned)
        {
            yield return new Column(ModelNames.Pruned, pruned.Results, pruned.Footprint);
        }

        yield return new Column(ModelNames.Newest(recipe), newest.Results, newest.Footprint);
    }

    private static void Print(Terminal terminal, IReadOnlyList<Column> columns)
    {
        var table = new Table().AddColumns(["", .. columns.Select(column => column.Title)]);
        foreach (var (task, result) in columns[^1].Results.Where(result => result.Value.Group is null))
        {
            table.AddRow([Name(task, result), .. columns.Select(column => Value(column.Results[task]))]);
        }

        table.AddRow(["parameters", .. columns.Select(column => $"{column.Footprint.Parameters:N0}")]);
        table.AddRow(["active parameters", .. columns.Select(column => $"{column.Footprint.ActiveParameters:N0}")]);
        table.AddRow(["bytes", .. columns.Select(column => $"{column.Footprint.Bytes:N0}")]);
        terminal.Print(table);
    }

    private static string Name(string task, TaskResult result)
    {
        var metric = result.Acc is null ? "perplexity" : "accuracy";
        return task == metric ? metric : $"{Markup.Escape(task)}, {metric}";
    }

    private static string Value(TaskResult result) => result.Acc is { } accuracy
        ? Figure.WithError(accuracy, result.AccStderr)
        : Figure.WithError(result.Perplexity, result.PerplexityStderr);

    private sealed record Column(string Title, IReadOnlyDictionary<string, TaskResult> Results, Footprint Footprint);
}
