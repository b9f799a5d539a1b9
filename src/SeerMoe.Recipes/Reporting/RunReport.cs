using System.Collections.Immutable;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Reporting;

/// <summary>
/// All that a report tells of one run: read from the small files of its folder alone, each held against the lock first. Equal runs give equal
/// reports, because nothing of it is a time, a machine or a path outside of the recipe.
/// </summary>
/// <param name="Recipe">As it was frozen.</param>
/// <param name="RecipeText">The same as it stands in the folder.</param>
/// <param name="Lock">The proof.</param>
public sealed record RunReport(Recipe Recipe, string RecipeText, RunLock Lock)
{
    /// <summary>What was counted on the model itself; null without a count stage.</summary>
    public ExpertStatistics? FirstCount { get; init; }

    /// <summary>What the last prune was decided by: of a recipe with rounds, its own count.</summary>
    public ExpertStatistics? LastCount { get; init; }

    /// <summary>The last decision; null without a prune stage.</summary>
    public PrunePlan? Plan { get; init; }

    /// <summary>Every step of every training, in order.</summary>
    public ImmutableArray<TrainingStep> Steps { get; init; } = [];

    /// <summary>Null without an evaluate stage.</summary>
    public EvaluationReport? Evaluation { get; init; }

    /// <summary>Experts of the model itself; null where nobody counted them.</summary>
    public int? ExpertsBefore => FirstCount?.Layers.Sum(layer => layer.Experts) ?? (Plan?.Layers.All(layer => layer.Experts is not null) == true ? Plan.Layers.Sum(layer => layer.Experts) : null);

    /// <summary>Experts that the last count and the last plan leave in each layer; empty without a count stage.</summary>
    public ImmutableArray<int> ExpertsAfter => LastCount is null ? [] : [.. LastCount.Layers.Select(layer => SurvivorsOf(layer)?.Length ?? layer.Experts)];

    /// <summary>The checkpoint that the run ends with, relative to its folder; null where it made none.</summary>
    public string? CheckpointFolder => Lock.Stages
        .SelectMany(stage => stage.Outputs)
        .Select(output => output.Path)
        .LastOrDefault(path => path.EndsWith("/checkpoint/config.json", StringComparison.Ordinal)) is { } config ? Path.GetDirectoryName(config) : null;

    /// <summary>How clear the last cut is.</summary>
    public ImmutableArray<CutEdge> Edges => Plan is null ? [] : CutEdge.Of(Plan, LastCount);

    /// <summary>The survivors among the experts of a layer; null where the plan does not name it.</summary>
    public ImmutableArray<int>? SurvivorsOf(LayerStatistics layer) => Plan?.Layers.FirstOrDefault(planned => planned.Layer == layer.Layer)?.Survivors;

    /// <param name="runFolder">Of a run that is done.</param>
    /// <exception cref="InputException">There is no lock, or a file is not what it says.</exception>
    public static RunReport Read(string runFolder) => Read(runFolder, LockFile.Read(runFolder));

    /// <summary>The same with the lock at hand.</summary>
    public static RunReport Read(string runFolder, RunLock runLock)
    {
        var recipe = Path.Combine(runFolder, FrozenRecipe.Name);
        RefuseOther(recipe, runLock.Recipe.Sha256, runFolder);
        var folders = runLock.Stages.Select((stage, i) => (Step: stage.Id.Split('-')[0], Stage: stage, Folder: $"{i + 1}-{stage.Id}")).ToList();

        List<T> All<T>(string step, string file, Func<string, T> read) => [.. folders.Where(folder => folder.Step == step).Select(folder =>
        {
            var path = $"{folder.Folder}/{file}";
            var full = Path.Combine(runFolder, path);
            RefuseOther(full, folder.Stage.Outputs.FirstOrDefault(output => output.Path == path)?.Sha256, runFolder);
            return read(full);
        })];

        var counts = All(CountStep.Key, "statistics.safetensors", StatisticsFile.Read);
        return new RunReport(RecipeFile.Load(recipe, []).Recipe, File.ReadAllText(recipe), runLock)
        {
            FirstCount = counts.FirstOrDefault(),
            LastCount = counts.LastOrDefault(),
            Plan = All(PruneStep.Key, PruneStage.PlanName, PrunePlanFile.Read).LastOrDefault(),
            Steps = [.. All(RegularizeStep.Key, TrainingLog.Name, path => TrainingLog.Read(Path.GetDirectoryName(path)!).ToList()).SelectMany(steps => steps)],
            Evaluation = All(EvaluateStep.Key, EvaluationReport.FileName, EvaluationReport.Read).LastOrDefault(),
        };
    }

    private static void RefuseOther(string path, string? sha256, string runFolder)
    {
        if (HashedFile.Of(path, path).Sha256 != sha256)
        {
            throw new InputException("The file is not what the run's lock says, so no report can vouch for it.", path, $"'dotnet seer verify {runFolder}' tells all that differs; restore the file, or run the recipe again.");
        }
    }
}
