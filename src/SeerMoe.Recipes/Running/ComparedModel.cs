using SeerMoe.Architectures;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>What a model in a table of results is.</summary>
public enum ComparedKind
{
    Full,
    Random,
    Pruned,
    Newest,
}

/// <summary>One model of an evaluation, with the numbers that stand in its column.</summary>
/// <param name="Title">What the column is called.</param>
public sealed record ComparedModel(ComparedKind Kind, string Title, IReadOnlyDictionary<string, TaskResult> Results, Footprint Footprint)
{
    /// <summary>The neighbours first, what the recipe ends with last.</summary>
    public static IEnumerable<ComparedModel> Of(Recipe recipe, EvaluationReport report)
    {
        var neighbours = report.Neighbours;
        if (neighbours?.Full is { } full)
        {
            yield return new ComparedModel(ComparedKind.Full, ModelNames.Full, full.Results, full.Footprint);
        }

        if (neighbours?.Random is { } random)
        {
            yield return new ComparedModel(ComparedKind.Random, random.Seeds.Length == 1 ? "random prune (1 seed)" : $"random prune (mean ± standard error over {random.Seeds.Length} seeds)", random.Results, random.Footprint);
        }

        if (neighbours?.Pruned is { } pruned)
        {
            yield return new ComparedModel(ComparedKind.Pruned, ModelNames.Pruned, pruned.Results, pruned.Footprint);
        }

        yield return new ComparedModel(ComparedKind.Newest, ModelNames.Newest(recipe), report.Evaluation.Results, report.Evaluation.Footprint);
    }
}
