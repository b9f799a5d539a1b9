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
/// |   KL to the full |            | 0.3121                                           | ...    | ...         |
/// |   answers changed|            |                                                  | 34.5% (p 1.4e-11) | .. |
/// | parameters       | ...        |                                                  |        |             |
/// </code>
/// </summary>
public static class ClosingTable
{
    public static void Print(Terminal terminal, RunOutcome outcome)
    {
        if (outcome.Result<EvaluateResult>() is { } result)
        {
            Print(terminal, [.. Columns(outcome.Plan.Recipe, result.Report)], result.Report.WorstDomains);
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

        if (ScoringSpeeds.Of(outcome.Folder) is { Count: > 0 } speeds)
        {
            terminal.Tell($"tokens a second while scored, on {outcome.Plan.Environment.Device}: {string.Join(", ", speeds.Select(speed => $"{speed.Key} {speed.Value:N0}"))}");
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

    private static void Print(Terminal terminal, IReadOnlyList<Column> columns, IReadOnlyDictionary<string, WorstDomain>? worst)
    {
        var table = new Table().AddColumns(["", .. columns.Select(column => column.Title)]);
        foreach (var (task, result) in columns[^1].Results.Where(result => result.Value.Group is null))
        {
            table.AddRow([Name(task, result), .. columns.Select(column => Value(column.Results[task]))]);
            AddIfAny("  KL to the full model", column => column.Results[task].KlToBase is { } nats ? $"{nats:F4}" : "");
            AddIfAny("  answers changed", column => column.Results[task].Paired is { } paired ? Figure.Changed(paired) : "");
            AddIfAny("  worst domain", column => column == columns[^1] && worst?.GetValueOrDefault(task) is { } domain ? Markup.Escape(Figure.Worst(domain)) : "");
        }

        table.AddRow(["parameters", .. columns.Select(column => $"{column.Footprint.Parameters:N0}")]);
        table.AddRow(["active parameters", .. columns.Select(column => $"{column.Footprint.ActiveParameters:N0}")]);
        table.AddRow(["bytes", .. columns.Select(column => $"{column.Footprint.Bytes:N0}")]);
        foreach (var length in columns[^1].Footprint.FlopsPerToken?.Keys ?? [])
        {
            AddIfAny($"FLOPs a token at {length:N0} tokens", column => column.Footprint.FlopsPerToken?.GetValueOrDefault(length) is { } flops ? $"{flops:N0}" : "");
        }

        terminal.Print(table);

        void AddIfAny(string name, Func<Column, string> value)
        {
            string[] cells = [.. columns.Select(value)];
            if (Array.Exists(cells, cell => cell.Length > 0))
            {
                table.AddRow([name, .. cells]);
            }
        }
    }

    private static string Name(string task, TaskResult result)
    {
        var metric = result.Headline.Name;
        return task == metric ? metric : $"{Markup.Escape(task)}, {metric}";
    }

    private static string Value(TaskResult result) => Figure.WithError(result.Headline.Value, result.Headline.Stderr);

    private sealed record Column(string Title, IReadOnlyDictionary<string, TaskResult> Results, Footprint Footprint);
}
