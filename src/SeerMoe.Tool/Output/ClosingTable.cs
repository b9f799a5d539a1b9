using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Inspection;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>How a run ends: every number beside its neighbours. The time of each stage goes to stderr, because equal runs have equal results.</summary>
public static class ClosingTable
{
    public static void Print(Terminal terminal, RunOutcome outcome)
    {
        if (outcome.Result<EvaluateResult>() is { } result)
        {
            Print(terminal, ResultCells.Of(outcome.Plan.Recipe, result.Report));
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

        foreach (var line in StageTable.Lines(outcome))
        {
            terminal.Tell(line);
        }

        if (ScoringSpeeds.Of(outcome.Folder) is { Count: > 0 } speeds)
        {
            terminal.Tell($"tokens a second while scored, on {outcome.Plan.Environment.Device}: {string.Join(", ", speeds.Select(speed => $"{speed.Key} {speed.Value:N0}"))}");
        }
    }

    private static void Print(Terminal terminal, ResultCells cells)
    {
        var table = new Table().AddColumns(["", .. cells.Models.Select(model => model.Title)]);
        foreach (var row in cells.Rows)
        {
            table.AddRow([.. row.Cells.Prepend(row.IsDetail ? $"  {row.Name}" : row.Name).Select(Markup.Escape)]);
        }

        terminal.Print(table);
    }
}
