using System.Diagnostics;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Running;

/// <summary>The stages of one run, one after the other: taken over from an earlier run, or computed.</summary>
internal sealed class StageWork(RunPlan plan, string runFolder, StageCache cache, RunEvents events, IProgress<Progress>? progress, CancellationToken interrupted)
{
    /// <summary>What the points of a sweep share; null for a run of its own.</summary>
    public SharedResults? Shared { get; init; }

    /// <returns>Where it was taken from; null where it was computed.</returns>
    public string? ReuseOrCompute(PlannedStage stage)
    {
        interrupted.ThrowIfCancellationRequested();
        var named = progress is null ? null : new NamedProgress(progress, what => $"{stage.Folder}: {what}");

        // Two runs that need the same stage at once compute it once.
        using var claim = cache.Claim(stage.Key, () => named?.Report(new Progress("seconds waited for another run", 0, 0)), interrupted);
        var done = cache.Find(stage.Key, interrupted);
        if (done is null)
        {
            Timed(stage, folder => Compute(new StageContext(plan, stage, runFolder, folder, cache.Digests, named, interrupted) { Shared = Shared }));
            RefuseChangedInputs();
        }
        else
        {
            events.StageReused(stage.Id, done.Name);
            InNewFolder(stage, done.LinkInto);
        }

        var path = Path.Combine(runFolder, stage.Folder);
        cache.Add(stage.Key, path, [.. HashedFile.Below(path, path, cache.Digests, interrupted)]);
        return done?.Name;
    }

    /// <summary>Runs a stage with the recipe's number of threads.</summary>
    public static void Compute(StageContext context)
    {
        using var threads = context.Stage.Step is PruneStep ? null : ComputeThreads.Fix(context.Recipe.Threads);
        StageResults.StageOf(context.Stage.Step).Run(context);
    }

    private void Timed(PlannedStage stage, Action<string> work)
    {
        events.StageStarted(stage.Id);
        var clock = Stopwatch.StartNew();
        try
        {
            InNewFolder(stage, work);
            events.StageDone(stage.Id, clock.Elapsed);
        }
        catch (Exception error)
        {
            events.StageFailed(stage.Id, error);
            throw;
        }
    }

    private void InNewFolder(PlannedStage stage, Action<string> work)
    {
        using var folder = NewFolder.Create(Path.Combine(runFolder, stage.Folder));
        work(folder.Path);
        folder.Complete();
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
