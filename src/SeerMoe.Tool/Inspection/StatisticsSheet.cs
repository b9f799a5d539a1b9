using SeerMoe.Experts;
using SeerMoe.Tool.Output;
using Spectre.Console;

namespace SeerMoe.Tool.Inspection;

/// <summary>Statistics at a glance: how evenly each layer uses its experts.</summary>
public static class StatisticsSheet
{
    public static void Print(Terminal terminal, ExpertStatistics statistics)
    {
        terminal.Print(
        [
            ("statistics of", statistics.Architecture),
            ("tokens", $"{statistics.Tokens:N0}"),
            ("sequences", $"{statistics.Sequences:N0}"),
            ("top-K", $"{statistics.TopK}"),
        ]);
        var table = new Table().AddColumns("layer", "experts", "entropy, nats", "hottest", "coldest", "never chosen");
        foreach (var layer in statistics.Layers)
        {
            var hottest = Array.IndexOf(layer.Actual, layer.Actual.Max());
            var coldest = Array.IndexOf(layer.Actual, layer.Actual.Min());
            table.AddRow(
                $"{layer.Layer}",
                $"{layer.Experts}",
                $"{layer.Entropy:F4}",
                Share(layer, hottest),
                Share(layer, coldest),
                $"{layer.Actual.Count(tokens => tokens == 0)}");
        }

        terminal.Space();
        terminal.Print(table);
    }

    /// <summary>An expert and the share of tokens that were sent to it.</summary>
    private static string Share(LayerStatistics layer, int expert) =>
        layer.Tokens == 0 ? $"{expert}" : $"{expert} ({layer.Actual[expert] / layer.Tokens:P1})";
}
