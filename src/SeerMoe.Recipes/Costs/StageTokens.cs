using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Costs;

/// <summary>How many tokens pass through the model in a stage, as far as that can be told without a tokenizer.</summary>
internal sealed class StageTokens(RecipeFile file)
{
    /// <summary>Tokens of a question with its instruction, as of MMLU on average.</summary>
    public const int AQuestion = 128;

    /// <summary>Tokens of an input at most where the recipe does not say.</summary>
    public const int UsualInput = 2048;

    /// <summary>Null where the number depends on data that would have to be read.</summary>
    public double? Of(Step step) => step switch
    {
        CountStep count => count.Options.Tokens,
        RegularizeStep train => (double)train.Options.Steps * train.Options.Batch * train.Options.Accumulate * train.Options.Window,
        EvaluateStep evaluate => evaluate.Tasks.Select(task => Of(task, evaluate)).Aggregate((double?)0, (sum, tokens) => sum + tokens) * Models(file.Recipe, evaluate),
        _ => 0,
    };

    /// <summary>One-letter choices are scored by one pass, and the shots of a subject are passed once.</summary>
    private double? Of(TaskChoice task, EvaluateStep evaluate)
    {
        if (file.Recipe.Find(task.Data)!.Format != DataFormat.Folder)
        {
            return null;
        }

        var definition = PlannedTasks.Defined(file, task).Definition;
        var subjects = Math.Max(1, definition.Groups.Sum(group => group.Subjects.Count));
        var limit = (task.Limit ?? evaluate.Options.Limit) * subjects;
        return definition.Find(definition.Split)?.Rows is { } rows ? AQuestion * (Math.Min(rows, limit ?? rows) + ((double)subjects * task.Shots)) : null;
    }

    /// <summary>How many models an evaluation measures.</summary>
    public static int Models(Recipe recipe, EvaluateStep evaluate) =>
        1 + evaluate.Compare.Sum(neighbour => neighbour == Comparison.Random ? evaluate.RandomSeeds : 1) + (recipe.Step<RegularizeStep>() is not null && recipe.Step<PruneStep>() is not null ? 1 : 0);
}
