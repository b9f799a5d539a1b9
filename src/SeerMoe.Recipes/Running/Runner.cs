using System.Collections.Immutable;
using System.Diagnostics;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// Does what a plan says, in a run folder of its own; what an earlier run did already is not done again.
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
    /// <param name="cache">Where stages that were done before are looked for; null is all runs below <paramref name="root"/>.</param>
    /// <exception cref="InputException">Something of the user's can't be used, or the folder can't be made.</exception>
    /// <exception cref="OperationCanceledException">Interrupted: the stages that are done stay, the one under way leaves nothing.</exception>
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

    /// <summary>The same in a folder that is there, with nothing but its frozen recipe: a point of a sweep. All points share a cache.</summary>
    /// <param name="plan">From RunPlanner.</param>
    /// <param name="folder">Full path.</param>
    /// <param name="cache">Where stages that were done before are looked for.</param>
    /// <param name="progress">Told stage by stage.</param>
    /// <param name="interrupted">Looked at wherever there is no progress to tell.</param>
    /// <param name="shared">What the points of a sweep have in common besides whole stages; null for a run of its own.</param>
    public static RunOutcome RunIn(RunPlan plan, string folder, StageCache cache, IProgress<Progress>? progress = null, CancellationToken interrupted = default, SharedResults? shared = null)
    {
        var events = new RunEvents(folder);
        var clock = Stopwatch.StartNew();
        events.Started();
        var outputs = ImmutableArray.CreateBuilder<StageLock>();
        var reused = ImmutableDictionary.CreateBuilder<string, string>();
        var work = new StageWork(plan, folder, cache, events, progress, interrupted) { Shared = shared };
        foreach (var (stage, expected) in plan.Stages.Zip(ExpectedLock.Of(plan).Stages))
        {
            if (work.ReuseOrCompute(stage) is { } from)
            {
                reused.Add(stage.Id, from);
            }

            outputs.Add(expected with { Outputs = [.. HashedFile.Below(Path.Combine(folder, stage.Folder), folder, cache.Digests, interrupted)] });
        }

        var runLock = ExpectedLock.Of(plan) with { Stages = outputs.ToImmutable() };
        events.Finished(clock.Elapsed);
        LockFile.Write(folder, runLock);
        return new RunOutcome(folder, plan, StageResults.Of(plan, folder, cache.Digests), runLock, reused.ToImmutable());
    }
}
