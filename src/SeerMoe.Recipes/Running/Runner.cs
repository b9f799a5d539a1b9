using System.Collections.Immutable;
using System.Diagnostics;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Reporting;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// Does what a plan says, in a run folder of its own; what an earlier run did already is not done again.
/// <code>
/// quickstart/1/recipe.yaml       first, frozen
/// quickstart/1/1-count/ ...      each stage: written in .unfinished/, renamed when whole
/// quickstart/1/report.html       what came of it, for people
/// quickstart/1/seer.lock.json    last: a run without a lock did not finish
/// </code>
/// </summary>
public static class Runner
{
    /// <param name="plan">From RunPlanner.</param>
    /// <param name="root">Holds a folder for each recipe: `runs`, or what --output says.</param>
    /// <param name="progress">Told stage by stage.</param>
    /// <param name="interrupted">Looked at wherever there is no progress to tell.</param>
    /// <param name="cache">Where stages that were done before are looked for; null is all runs below <paramref name="root"/>.</param>
    /// <exception cref="InputException">Something of the user's can't be used, or the folder can't be made.</exception>
    /// <exception cref="OperationCanceledException">Interrupted: what is done stays, and can be resumed.</exception>
    public static RunOutcome Run(RunPlan plan, string root, IProgress<Progress>? progress = null, CancellationToken interrupted = default, StageCache? cache = null)
    {
        cache ??= new StageCache(root);
        if (SameRun.Find(plan, cache, interrupted) is { } same)
        {
            return same;
        }

        if (plan.Stages.Any(stage => stage.Step is not PruneStep && cache.Find(stage.Key, interrupted) is null))
        {
            LibTorch.Load(); // a machine without it is told before anything is written
        }

        return RunIn(plan, RunFolder.Create(root, new FrozenRecipe(plan.Recipe)).Path, cache, progress, interrupted);
    }

    /// <summary>Goes on with the newest run of the recipe that has no lock.</summary>
    /// <inheritdoc cref="Run"/>
    /// <exception cref="InputException">There is none, or it was begun with something else than the plan says.</exception>
    public static RunOutcome Resume(RunPlan plan, string root, IProgress<Progress>? progress = null, CancellationToken interrupted = default, StageCache? cache = null)
    {
        var folder = RunFolder.NewestUnfinished(root, plan.Recipe.Name)
            ?? throw new InputException($"There is no unfinished run of '{plan.Recipe.Name}' to resume.", Path.GetFullPath(root), "Run it without --resume, or name the folder of its runs with --output.");
        return RunIn(plan, folder, cache ?? new StageCache(root), progress, interrupted);
    }

    /// <summary>The same in a folder that holds its frozen recipe and whatever of the run is done: a point of a sweep. All points share a cache.</summary>
    /// <param name="plan">From RunPlanner.</param>
    /// <param name="folder">Full path.</param>
    /// <param name="cache">Where stages that were done before are looked for.</param>
    /// <param name="progress">Told stage by stage.</param>
    /// <param name="interrupted">Looked at wherever there is no progress to tell.</param>
    /// <param name="shared">What the points of a sweep have in common besides whole stages; null for a run of its own.</param>
    public static RunOutcome RunIn(RunPlan plan, string folder, StageCache cache, IProgress<Progress>? progress = null, CancellationToken interrupted = default, SharedResults? shared = null)
    {
        try
        {
            using var unfinished = UnfinishedRun.Open(folder, plan);
            return Finish(plan, folder, unfinished, cache, progress, interrupted, shared);
        }
        catch (IOException error) when (FullDisk.Is(error))
        {
            throw FullDisk.In(folder, error);
        }
    }

    private static RunOutcome Finish(
        RunPlan plan, string folder, UnfinishedRun unfinished, StageCache cache, IProgress<Progress>? progress, CancellationToken interrupted, SharedResults? shared)
    {
        var events = new RunEvents(folder);
        var clock = Stopwatch.StartNew();
        events.Started(plan.File.Folder);
        var outputs = ImmutableArray.CreateBuilder<StageLock>();
        var reused = ImmutableDictionary.CreateBuilder<string, string>();
        var work = new StageWork(plan, folder, unfinished, cache, events, progress, interrupted) { Shared = shared };
        var expected = ExpectedLock.Of(plan);
        foreach (var (stage, locked) in plan.Stages.Zip(expected.Stages))
        {
            if (work.ReuseOrCompute(stage) is { } from)
            {
                reused.Add(stage.Id, from);
            }

            outputs.Add(locked with { Outputs = [.. HashedFile.Below(Path.Combine(folder, stage.Folder), folder, cache.Digests, interrupted)] });
        }

        var runLock = expected with { Stages = outputs.ToImmutable() };
        ReportFile.Write(folder, runLock);
        events.Finished(clock.Elapsed);
        unfinished.Finish();
        LockFile.Write(folder, runLock);
        return new RunOutcome(folder, plan, StageResults.Of(plan, folder), runLock, reused.ToImmutable());
    }
}
