using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;
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
            foreach (var (metric, value, error) in result.Metrics)
            {
                Add(task, metric.Word(), Figure.WithError(value, error), result);
            }

            if (result.KlToBase is { } nats)
            {
                Add(task, "kl_to_base", $"{nats:F4}", result);
            }

            if (result.Paired is { } paired)
            {
                Add(task, "answers changed", Figure.Changed(paired), result);
            }
        }

        terminal.Print(table);

        void Add(string task, string metric, string value, TaskResult result) => table.AddRow(Markup.Escape(task), metric, value, $"{result.N:N0}", $"{result.Version}");
    }
}
