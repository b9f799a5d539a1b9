using System.Collections.Immutable;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Running;

/// <summary>A run that finished.</summary>
/// <param name="Folder">Full path of the run folder.</param>
/// <param name="Plan">What was to be done.</param>
/// <param name="Results">What each stage found out, in order.</param>
/// <param name="Lock">As it was written.</param>
/// <param name="Reused">The stages that were not computed: by id, where they came from ("quickstart/1/1-count").</param>
public sealed record RunOutcome(string Folder, RunPlan Plan, ImmutableArray<StageResult> Results, RunLock Lock, ImmutableDictionary<string, string> Reused)
{
    /// <summary>Whether an earlier run did all of it, so that this is that run and nothing was done.</summary>
    public bool WasThere { get; init; }

    /// <summary>The result of the last stage of that kind; null where the recipe has none.</summary>
    public TResult? Result<TResult>()
        where TResult : StageResult => Results.OfType<TResult>().LastOrDefault();
}
