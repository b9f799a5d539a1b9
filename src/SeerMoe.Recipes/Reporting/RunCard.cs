using System.Text;
using SeerMoe.Cards;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Reporting;

/// <summary>
/// model-card.md of a run: what its page tells, in Markdown, for whoever publishes the checkpoint. The README.md inside a checkpoint is an output of
/// its stage, made before anything was measured and hashed by the lock, so it can't hold the results; this can take its place.
/// </summary>
public static class RunCard
{
    public const string FileName = "model-card.md";

    /// <param name="report">What is told.</param>
    /// <param name="checkpoint">Folder of the checkpoint that the run ends with.</param>
    public static string Of(RunReport report, string checkpoint)
    {
        var card = new StringBuilder()
            .Append(CardHead.Of(report.Recipe.Name))
            .Append($"{RunVerdict.Of(report)}\n\n## How it was made\n\n")
            .AppendJoin("", report.Recipe.Rolled.Select((step, i) => $"{i + 1}. {step.StageId}: {StageText.Of(report.Recipe, step)}\n"))
            .Append('\n');
        if (report.Plan is { } plan)
        {
            card.Append("## The cut\n\n").Append(MarkdownTable.Of(header: null, ModelCard.Decision(plan))).Append('\n');
            if (!report.Edges.IsEmpty)
            {
                card.AppendJoin(' ', CertaintyText.Of(plan, report.Edges)).Append("\n\n");
            }
        }

        if (report.Evaluation is { } evaluation)
        {
            card.Append("## Results\n\n").Append(Results(ResultCells.Of(report.Recipe, evaluation))).Append("\n“±” is one standard error.\n\n");
        }

        var made = report.Lock.Environment;
        return card
            .Append(RuntimeAnswer.Section(checkpoint))
            .Append($"\n## To make it again\n\nseer {made.Tool}, .NET {made.Dotnet}, TorchSharp {made.Torchsharp}, libtorch {made.Libtorch}, {made.Device} in {made.Dtype}. `dotnet seer reproduce` with the run's `seer.lock.json`, or this recipe:\n\n```yaml\n{report.RecipeText}```\n")
            .ToString();
    }

    private static string Results(ResultCells cells) => MarkdownTable.Of(
        ["", .. cells.Models.Select(model => model.Title)],
        cells.Rows.Select(row => (string[])[row.IsDetail ? $"{row.Name}, of the task above" : row.Name, .. row.Cells]));
}
