using SeerMoe.Recipes.Sweeps;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>How a sweep ends: one table of all points, or of their means over seeds, the Pareto front marked; what failed is told on stderr.</summary>
public static class SweepText
{
    public static void Print(Terminal terminal, SweepTable table, SweepFolder folder, bool json)
    {
        foreach (var row in table.Rows.Where(row => row.Failure is not null))
        {
            terminal.Say("error:", Color.Red, $"point {row.Point.Name} ({row.Point}): {row.Failure!.Story}");
        }

        if (json)
        {
            terminal.Output.Write(SweepFiles.Json(table));
            return;
        }

        var shown = table.OverSeeds ?? table;
        var cells = new Table().AddColumns([.. SweepCells.Header(shown).Select(Markup.Escape)]);
        foreach (var row in SweepCells.Rows(shown))
        {
            cells.AddRow([.. row.Select(Markup.Escape)]);
        }

        terminal.Print(cells);
        terminal.Output.Write(shown == table ? $"{SweepCells.Legend}\n" : $"{SweepCells.SeedsLegend(table)} {SweepCells.Legend}\n");
        terminal.Space();
        terminal.Output.Write($"sweep: {folder.Path}\n");
    }
}
