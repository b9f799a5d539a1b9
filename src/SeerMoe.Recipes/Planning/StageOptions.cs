using System.Text.Json.Nodes;
using SeerMoe.Recipes.Tasks;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Planning;

/// <summary>Everything of a recipe that one stage's output depends on, files aside: what the lock records and the key covers.</summary>
public static class StageOptions
{
    /// <summary>The step's own options, then the recipe's seed where the stage draws from it, its threads where it computes, and how its data are read.</summary>
    public static JsonObject Of(Recipe recipe, Step step)
    {
        var options = RecipeYaml.Options(step);
        if (DrawsFromSeed(step))
        {
            options["seed"] = recipe.Seed;
        }

        if (recipe.Rounds > 1 && step is PruneStep or RegularizeStep)
        {
            options["round"] = $"{step.Round}/{recipe.Rounds}";
        }

        if (step is not PruneStep)
        {
            options["threads"] = recipe.Threads;
        }
        else if (recipe.IsMasked)
        {
            options["cut"] = "masked"; // no checkpoint comes out
        }

        var sources = new JsonObject();
        foreach (var source in DataOf(recipe, step))
        {
            var form = RecipeYaml.Options(source);
            form.Remove("path");
            sources[source.Name] = form;
        }

        if (sources.Count > 0)
        {
            options["sources"] = sources;
        }

        if (step is EvaluateStep evaluate && Versions(recipe, evaluate) is { Count: > 0 } versions)
        {
            options["versions"] = versions;
        }

        if (step is EvaluateStep && recipe.AllowOverlap)
        {
            options["allow_overlap"] = true;
        }

        return options;
    }

    /// <summary>The data that a step reads, in its order.</summary>
    public static IEnumerable<DataSource> DataOf(Recipe recipe, Step step)
    {
        IEnumerable<string> names = step switch
        {
            CountStep count => [count.Data],
            RegularizeStep regularize => regularize.HeldOut is { } heldOut && heldOut != regularize.Data ? [regularize.Data, heldOut] : [regularize.Data],
            EvaluateStep evaluate => evaluate.Tasks.Select(task => task.Data).Distinct(),
            _ => [],
        };
        return names.Select(name => recipe.Find(name)!);
    }

    // A task file is an input like any other; a known task is part of this tool, and its version says which.
    private static JsonObject Versions(Recipe recipe, EvaluateStep evaluate) => new(evaluate.Tasks
        .Where(task => recipe.Find(task.Data)!.Format == DataFormat.Folder && TaskCatalog.Names.Contains(task.TaskName))
        .DistinctBy(task => task.TaskName)
        .Select(task => KeyValuePair.Create<string, JsonNode?>(task.TaskName, TaskCatalog.Read(task.TaskName).Version)));

    private static bool DrawsFromSeed(Step step) => step switch
    {
        PruneStep prune => prune.Plan is null,
        RegularizeStep => true,
        EvaluateStep evaluate => evaluate.Compare.Contains(Comparison.Random),
        _ => false,
    };
}
