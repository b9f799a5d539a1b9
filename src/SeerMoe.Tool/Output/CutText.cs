using SeerMoe.Architectures;
using SeerMoe.Pruning;

namespace SeerMoe.Tool.Output;

/// <summary>What a prune did: one line, or the plan itself as JSON.</summary>
public static class CutText
{
    /// <param name="terminal">Where to.</param>
    /// <param name="plan">The decision.</param>
    /// <param name="shape">Of the checkpoint before the cut.</param>
    /// <param name="output">Where the pruned checkpoint is.</param>
    /// <param name="json">The plan as JSON instead of the line.</param>
    public static void Print(Terminal terminal, PrunePlan plan, MoeShape shape, string output, bool json)
    {
        int[] kept = [.. shape.MoeLayers.Select(layer => KeptOf(plan, layer) ?? shape.ExpertsOf(layer))];
        terminal.Output.Write(json
            ? PrunePlanFile.Text(plan)
            : $"{kept.Sum()} of {shape.Experts.Sum()} experts kept, by layer {string.Join(' ', kept)}: {output}\n");
    }

    private static int? KeptOf(PrunePlan plan, int layer) =>
        plan.Layers.FirstOrDefault(planned => planned.Layer == layer)?.Survivors.Length;
}
