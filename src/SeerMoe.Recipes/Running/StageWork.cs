using System.Diagnostics;
using System.Runtime.InteropServices;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Running;

/// <summary>The stages of one run, one after the other: taken over from an earlier run, or computed.</summary>
internal sealed class StageWork(RunPlan plan, string runFolder, UnfinishedRun unfinished, StageCache cache, RunEvents events, IProgress<Progress>? progress, CancellationToken interrupted)
{
    /// <summary>What the points of a sweep share; null for a run of its own.</summary>
    public SharedResults? Shared { get; init; }

    /// <returns>Where it was taken from; null where it was computed.</returns>
    public string? ReuseOrCompute(PlannedStage stage)
    {
        interrupted.ThrowIfCancellationRequested();
        var folder = Path.Combine(runFolder, stage.Folder);
        if (IsDone(stage, folder))
        {
            return null;
        }

        var named = progress is null ? null : new NamedProgress(progress, what => $"{stage.Folder}: {what}");

        // Two runs that need the same stage at once compute it once.
        using var claim = cache.Claim(stage.Key, () => named?.Report(new Progress("seconds waited for another run", 0, 0)), interrupted);
        var done = cache.Find(stage.Key, interrupted);
        if (done is null)
        {
            var told = new NoticeEvents(events, stage.Id, stage.Step is RegularizeStep ? new ProgressEvents(events, stage.Id, named) : named);
            var context = new StageContext(plan, stage, runFolder, unfinished.WorkOf(stage), told, interrupted) { Save = unfinished.SaveOf(stage, cache.Digests), Shared = Shared, Events = events };
            Timed(stage, () => Compute(context));
            RefuseChangedInputs();
        }
        else
        {
            events.StageReused(stage.Id, done.Name);
            unfinished.Forget(stage);
            done.LinkInto(unfinished.WorkOf(stage));
        }

        // Known under its name before it has it: a process that is killed in between has it still to do.
        var work = unfinished.WorkOf(stage);
        cache.Add(stage.Key, folder, [.. HashedFile.Below(work, work, cache.Digests, interrupted)]);
        unfinished.Complete(stage);
        return done?.Name;
    }

    /// <summary>Runs a stage with the recipe's number of threads.</summary>
    public static void Compute(StageContext context)
    {
        using var threads = context.Stage.Step is PruneStep ? null : ComputeThreads.Fix(context.Recipe.Threads);
        try
        {
            StageResults.StageOf(context.Stage.Step).Run(context);
        }
        catch (ExternalException error) when (OutOfMemory.Is(error))
        {
            throw OutOfMemory.Refused(error);
        }
    }

    /// <summary>Whether an earlier process did it in this run. What was changed since is done again.</summary>
    private bool IsDone(PlannedStage stage, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }

        var done = cache.Holds(stage.Key, folder, interrupted);
        if (!done)
        {
            Directory.Delete(folder, recursive: true);
        }

        return done;
    }

    private void Timed(PlannedStage stage, Action work)
    {
        events.StageStarted(stage.Id);
        var clock = Stopwatch.StartNew();
        try
        {
            work();
            events.StageDone(stage.Id, clock.Elapsed);
        }
        catch (Exception error) when (error is not IOException)
        {
            events.StageFailed(stage.Id, error);
            throw;
        }
    }

    // The lock vouches for the bytes that were hashed when the run was planned.
    private void RefuseChangedInputs()
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
}
