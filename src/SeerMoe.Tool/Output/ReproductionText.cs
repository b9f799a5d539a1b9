using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Reproducing;
using Spectre.Console;

namespace SeerMoe.Tool.Output;

/// <summary>What a reproduction came to: a table of what differs, and the verdict.</summary>
public static class ReproductionText
{
    private const int DigestDigits = 12;

    public static void Print(Terminal terminal, Reproduction reproduction, bool json)
    {
        if (json)
        {
            terminal.Output.Write(SeerJson.Text(new
            {
                Schema = "seer/reproduction@1",
                reproduction.Differs,
                ComparedBy = reproduction.By.ToString().ToLowerInvariant(),
                reproduction.Because,
                reproduction.Outputs,
                reproduction.Others,
                reproduction.Metrics,
            }));
            return;
        }

        if (reproduction.By == ComparedBy.Metrics)
        {
            terminal.Print(MetricsOf(reproduction));
        }
        else if (reproduction.Differs)
        {
            terminal.Print(OutputsOf(reproduction));
        }

        terminal.Output.Write($"{reproduction.Verdict}\n");
    }

    private static Table OutputsOf(Reproduction reproduction)
    {
        var table = new Table().AddColumns("file", "locked sha256", "found sha256");
        foreach (var output in reproduction.Others)
        {
            table.AddRow(Markup.Escape(output.Path), output.Locked?[..DigestDigits] ?? "absent", output.Found?[..DigestDigits] ?? "absent");
        }

        return table;
    }

    private static Table MetricsOf(Reproduction reproduction)
    {
        var table = new Table().AddColumns("model", "task", "metric", "locked", "found", "may differ by", "");
        foreach (var metric in reproduction.Metrics)
        {
            table.AddRow(
                metric.Model,
                Markup.Escape(metric.Task),
                metric.Metric,
                Figure.WithError(metric.Locked, error: null),
                Figure.WithError(metric.Found, error: null),
                $"{metric.Allowed:F4}",
                metric.Agrees ? "agrees" : "differs");
        }

        return table;
    }
}
