using SeerMoe.Experts;

namespace SeerMoe.Tool.Output;

/// <summary>What was counted: one line, or the whole of it as JSON.</summary>
public static class StatisticsText
{
    public static void Print(Terminal terminal, ExpertStatistics statistics, string output, bool json)
    {
        var experts = statistics.Layers.Sum(layer => layer.Experts);
        terminal.Output.Write(json
            ? StatisticsFile.Json(statistics)
            : $"{statistics.Tokens:N0} tokens in {statistics.Sequences:N0} sequences, {experts} experts in {statistics.Layers.Length} layers: {output}\n");
    }
}
