using SeerMoe.Checkpoints;
using SeerMoe.Recipes.Planning;
using SeerMoe.Saving;
using SeerMoe.Torch;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Recipes.Running;

/// <summary>One stage at work: reads what earlier stages left in the run folder, writes into its own.</summary>
public interface IStage
{
    void Run(StageContext context);

    /// <summary>What came out, from the folder alone: a stage that was done in an earlier run tells the same.</summary>
    StageResult Read(StageContext context);
}

/// <summary>What a stage found out.</summary>
public abstract record StageResult;

/// <summary>Where a stage works.</summary>
/// <param name="Plan">The whole plan.</param>
/// <param name="Stage">This stage of it.</param>
/// <param name="RunFolder">Holds the folders of the stages that are done.</param>
/// <param name="Folder">To write into; gets its name when the stage is done. To read from afterwards.</param>
/// <param name="Progress">Of this stage.</param>
/// <param name="Interrupted">Looked at where there is no progress to tell.</param>
public sealed record StageContext(RunPlan Plan, PlannedStage Stage, string RunFolder, string Folder, IProgress<Progress>? Progress = null, CancellationToken Interrupted = default)
{
    private const string CheckpointName = "checkpoint";

    public Recipe Recipe => Plan.Recipe;

    /// <summary>Where the stage keeps how far it is; null where nobody asks for it.</summary>
    public SavePoint? Save { get; init; }

    /// <summary>What the points of a sweep share; null for a run of its own.</summary>
    public SharedResults? Shared { get; init; }

    /// <summary>Where it tells what no hashed file may hold; null where nobody keeps it.</summary>
    public RunEvents? Events { get; init; }

    /// <summary>The folder in which this stage's checkpoint goes.</summary>
    public string OutputCheckpoint => Path.Combine(Folder, CheckpointName);

    /// <summary>The folder of the newest earlier stage of a kind; null where the recipe has none.</summary>
    public string? FolderOf(string step) => Earlier(stage => stage.Step.Id == step);

    /// <summary>The newest checkpoint that an earlier stage of a kind made; null where the recipe has none, and of a prune stage whose cut is masked.</summary>
    public string? CheckpointOf(string step) => CheckpointIn(Earlier(stage => stage.Step.Id == step && MakesCheckpoint(stage)));

    /// <summary>The newest checkpoint of the run so far: the last that was tuned or pruned, else the model itself.</summary>
    public Checkpoint OpenNewest() => Checkpoint.Open(CheckpointIn(Earlier(MakesCheckpoint)) ?? Plan.Model.Folder);

    /// <summary>Data of the recipe, as the engine reads it.</summary>
    public TextSource Source(string data)
    {
        var source = Recipe.Find(data)!;
        return source.At(Plan.File.Resolve(source.Path));
    }

    private string? Earlier(Func<PlannedStage, bool> holds) =>
        Plan.Stages.LastOrDefault(stage => stage.Number < Stage.Number && holds(stage)) is { } earlier ? Path.Combine(RunFolder, earlier.Folder) : null;

    private bool MakesCheckpoint(PlannedStage stage) => stage.Step is RegularizeStep || (stage.Step is PruneStep && !Recipe.IsMasked);

    private static string? CheckpointIn(string? folder) => folder is null ? null : Path.Combine(folder, CheckpointName);
}
