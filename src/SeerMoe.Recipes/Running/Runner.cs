using System.Collections.Immutable;
using System.Diagnostics;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// Does what a plan says, in a run folder of its own.
/// <code>
/// quickstart/1/recipe.yaml       first, frozen
/// quickstart/1/1-count/ ...      each stage: written under a hidden name, renamed when whole
/// quickstart/1/seer.lock.json    last: a run without a lock did not finish
/// </code>
/// </summary>
public static class Runner
{
    /// <param name="plan">From RunPlanner.</param>
    /// <param name="root">Holds a folder for each recipe: `runs`, or what --output says.</param>
    /// <param name="progress">Told stage by stage.</param>
    /// <param name="interrupted">Looked at wherever there is no progress to tell.</param>
    /// <exception cref="InputException">Something of the user's can't be used, or the folder can't be made.</exception>
    /// <exception cref="OperationCanceledException">Interrupted: the stages that are done stay, the one under way leaves nothing.</exception>
    public static RunOutcome Run(RunPlan plan, string root, IProgress<Progress>? progress = null, CancellationToken interrupted = default) =>
        RunIn(plan, RunFolder.Create(root, new FrozenRecipe(plan.Recipe)).Path, shared: null, progress, interrupted);

    /// <summary>The same in a folder that is there, with nothing but its frozen recipe.</summary>
    /// <param name="plan">From RunPlanner.</param>
    /// <param name="folder">Full path.</param>
    /// <param name="shared">What other runs have found out already; null for none.</param>
    /// <param name="progress">Told stage by stage.</param>
    /// <param name="interrupted">Looked at wherever there is no progress to tell.</param>
    public static RunOutcome RunIn(RunPlan plan, string folder, SharedResults? shared, IProgress<Progress>? progress = null, CancellationToken interrupted = default)
    {
        var frozen = new FrozenRecipe(plan.Recipe);
        var events = new RunEvents(folder);
        var clock = Stopwatch.StartNew();
        events.Started();
        var results = ImmutableArray.CreateBuilder<StageResult>();
        var locks = ImmutableArray.CreateBuilder<StageLock>();
        foreach (var stage in plan.Stages)
        {
            results.Add(Timed(events, stage, () => Run(plan, stage, folder, shared, progress, interrupted)));
            RefuseChangedInputs(plan);
            locks.Add(new StageLock(stage.Id, stage.Key, stage.Options, stage.Inputs, [.. HashedFile.Below(Path.Combine(folder, stage.Folder), folder, interrupted)]));
        }

        var runLock = new RunLock(frozen.Digest, plan.Recipe.Seed, plan.Environment, [.. plan.Inputs.Select(input => input.File)], locks.ToImmutable());
        events.Finished(clock.Elapsed);
        LockFile.Write(folder, runLock);
        return new RunOutcome(folder, plan, results.ToImmutable(), runLock);
    }

    private static StageResult Run(RunPlan plan, PlannedStage stage, string runFolder, SharedResults? shared, IProgress<Progress>? progress, CancellationToken interrupted)
    {
        interrupted.ThrowIfCancellationRequested();
        using var folder = NewFolder.Create(Path.Combine(runFolder, stage.Folder));
        var named = progress is null ? null : new NamedProgress(progress, what => $"{stage.Folder}: {what}");
        var result = StageOf(stage.Step).Run(new StageContext(plan, stage, runFolder, folder.Path, named, interrupted) { Shared = shared });
        folder.Complete();
        return result;
    }

    // The lock vouches for the bytes that were hashed when the run was planned.
    private static void RefuseChangedInputs(RunPlan plan)
    {
        foreach (var (file, written) in plan.Inputs)
        {
            var found = new FileInfo(plan.File.Resolve(file.Path));
            if (!found.Exists || found.Length != file.Bytes || found.LastWriteTimeUtc != written)
            {
                throw new InputException("An input was changed while the run was under way.", found.FullName, "Leave it alone and run the recipe again.");
            }
        }
    }

    private static IStage StageOf(Step step) => step switch
    {
        CountStep count => new CountStage(count),
        PruneStep prune => new PruneStage(prune),
        RegularizeStep regularize => new RegularizeStage(regularize),
        EvaluateStep evaluate => new EvaluateStage(evaluate),
        _ => throw new UnreachableException(),
    };

    private static StageResult Timed(RunEvents events, PlannedStage stage, Func<StageResult> run)
    {
        events.StageStarted(stage.Id);
        var clock = Stopwatch.StartNew();
        try
        {
            var result = run();
            events.StageDone(stage.Id, clock.Elapsed);
            return result;
        }
        catch (Exception error)
        {
            events.StageFailed(stage.Id, error);
            throw;
        }
    }
}
