using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Locking;

/// <summary>
/// What of a lock follows from the frozen recipe and from the rest of the lock, derived again: the recipe's name, the seed,
/// the stages with their options, the digests that stages read, and every stage's key.
/// </summary>
/// <remarks>
/// The versions and the digests of inputs follow from nothing in the run folder, and are only held against each other:
/// keys cover the tool, TorchSharp, libtorch, device and dtype, but not the version of .NET.
/// </remarks>
internal static class LockDerivation
{
    /// <summary>Every value that is another one than what follows.</summary>
    public static IEnumerable<Finding> Contradictions(string runFolder, RunLock runLock) =>
    [
        .. File.Exists(Path.Combine(runFolder, FrozenRecipe.Name)) ? OfRecipe(runFolder, runLock) : [],
        .. runLock.Stages.SelectMany((stage, i) => OfStage(runLock, stage, i)),
    ];

    private static IEnumerable<Finding> OfRecipe(string runFolder, RunLock runLock)
    {
        if (Frozen(runFolder) is not { } recipe)
        {
            yield return new Finding(FindingKind.Contradiction, "recipe", runLock.Recipe.Name, $"{FrozenRecipe.Name} is no recipe that this version reads");
            yield break;
        }

        if (recipe.Name != runLock.Recipe.Name)
        {
            yield return Says("recipe.name", runLock.Recipe.Name, recipe.Name);
        }

        if (recipe.Seed != runLock.Seed)
        {
            yield return Says("seed", $"{runLock.Seed}", $"{recipe.Seed}");
        }

        var (locked, said) = (string.Join(", ", runLock.Stages.Select(stage => stage.Id)), string.Join(", ", recipe.Rolled.Select(step => step.StageId)));
        if (locked != said)
        {
            yield return Says("stages", locked, said);
            yield break;
        }

        foreach (var (step, i) in recipe.Rolled.Select((step, i) => (step, i)))
        {
            var (lockedOptions, options) = (runLock.Stages[i].Options.ToJsonString(SeerJson.Line), StageOptions.Of(recipe, step).ToJsonString(SeerJson.Line));
            if (lockedOptions != options)
            {
                yield return Says($"stages[{i}].options", lockedOptions, options);
            }
        }
    }

    private static IEnumerable<Finding> OfStage(RunLock runLock, StageLock stage, int index)
    {
        var key = StageKey.Of(stage.Id, stage.Options, stage.Inputs, runLock.Environment);
        if (key != stage.Key)
        {
            yield return new Finding(FindingKind.Contradiction, $"stages[{index}].key", stage.Key, $"{key} follows from its options, inputs and environment");
        }

        var known = runLock.Inputs.Select(input => input.Sha256).Concat(runLock.Stages.Take(index).Select(earlier => earlier.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var (input, i) in stage.Inputs.Select((input, i) => (input, i)).Where(pair => !known.Contains(pair.input.Sha256)))
        {
            yield return new Finding(FindingKind.Contradiction, $"stages[{index}].inputs[{i}]", $"{input.Name}, {input.Sha256}", "neither an input of the run nor an earlier stage has this digest");
        }
    }

    private static Recipe? Frozen(string runFolder)
    {
        try
        {
            return RecipeFile.Load(Path.Combine(runFolder, FrozenRecipe.Name), []).Recipe;
        }
        catch (Exception error) when (error is RecipeException or InputException)
        {
            return null;
        }
    }

    private static Finding Says(string value, string locked, string said) =>
        new(FindingKind.Contradiction, value, locked, $"{FrozenRecipe.Name} says {said}");
}
