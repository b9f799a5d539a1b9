using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>Results of an evaluation: each number with its error bar and its n.</summary>
public static class EvaluationText
{
    public static void Print(Terminal terminal, EvaluationResult evaluation)
    {
        var table = new Table().AddColumns("task", "metric", "value", "n", "version");
        foreach (var (task, result) in evaluation.Results)
        {
            foreach (var (metric, value, error) in Metrics(result))
            {
                table.AddRow(Markup.Escape(task), metric, Figure.WithError(value, error), $"{result.N:N0}", $"{result.Version}");
            }
        }

        terminal.Print(table);
    }

    private static IEnumerable<(string Metric, double Value, double? Error)> Metrics(TaskResult result) =>
        new (string Name, double? Value, double? Error)[]
        {
            ("acc", result.Acc, result.AccStderr),
            ("acc_norm", result.AccNorm, result.AccNormStderr),
            ("acc_bytes", result.AccBytes, result.AccBytesStderr),
            ("perplexity", result.Perplexity, result.PerplexityStderr),
            ("word_perplexity", result.WordPerplexity, null),
            ("byte_perplexity", result.BytePerplexity, null),
            ("bits_per_byte", result.BitsPerByte, null),
        }
        .SelectMany(metric => metric.Value is { } value ? [(metric.Name, value, metric.Error)] : Array.Empty<(string, double, double?)>());
}
