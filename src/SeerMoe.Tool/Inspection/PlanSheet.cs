using SeerMoe.Pruning;
using SeerMoe.Tool.Output;
using Spectre.Console;

namespace SeerMoe.Tool.Inspection;

/// <summary>A prune plan at a glance: which experts of each layer survive.</summary>
public static class PlanSheet
{
    public static void Print(Terminal terminal, PrunePlan plan)
    {
        terminal.Print(
        [
            ("criterion", plan.Criterion ?? "not stated"),
            ("scope", plan.Scope ?? "not stated"),
            plan.Keep is { } keep ? ("keep", $"{keep}") : ("ratio", plan.Ratio is { } ratio ? $"{ratio}" : "not stated"),
            ("seed", plan.Seed is { } seed ? $"{seed}" : "not stated"),
        ]);
        var table = new Table().AddColumns("layer", "experts", "kept", "survivors");
        foreach (var layer in plan.Layers)
        {
            table.AddRow($"{layer.Layer}", layer.Experts is { } experts ? $"{experts}" : "?", $"{layer.Survivors.Length}", string.Join(' ', layer.Survivors));
        }

        terminal.Space();
        terminal.Print(table);
    }
}
