using System.Collections.Immutable;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Running;

/// <summary>The finished run that did all that a plan says: running it again would give the same bytes, so there is nothing to run.</summary>
internal static class SameRun
{
    /// <returns>Null where there is none, or where one of its files is not any more what its lock says.</returns>
    public static RunOutcome? Find(RunPlan plan, StageCache cache, CancellationToken interrupted)
    {
        if (cache.Find(plan.Stages[^1].Key, interrupted) is not { } last || LockOf(last.RunFolder) is not { } runLock || !ExpectedLock.IsMetBy(runLock, plan))
        {
            return null;
        }

        var verification = RunVerifier.Verify(last.RunFolder, interrupted, cache.Digests);
        return verification.Differs
            ? null
            : new RunOutcome(last.RunFolder, plan, StageResults.Of(plan, last.RunFolder, cache.Digests), runLock, ImmutableDictionary<string, string>.Empty) { WasThere = true };
    }

    private static RunLock? LockOf(string runFolder)
    {
        try
        {
            return LockFile.Read(runFolder);
        }
        catch (InputException)
        {
            return null; // unfinished, or damaged
        }
    }
}
