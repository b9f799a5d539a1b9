using System.Collections.Immutable;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Recipes.Reproducing;

/// <summary>By what a run was held against its lock.</summary>
public enum ComparedBy
{
    /// <summary>The digest of every output: the same versions on the same class of device give the same bytes.</summary>
    Digests,

    /// <summary>The results of the evaluation, within <see cref="Tolerance"/>: other versions or another device round otherwise.</summary>
    Metrics,
}

/// <summary>An output that is not the same; null where one side has none.</summary>
/// <param name="Path">Relative to the run folder.</param>
public sealed record OtherOutput(string Path, string? Locked, string? Found);

/// <summary>A run, and the run that was made again from its lock.</summary>
/// <param name="By">The comparison that decides.</param>
/// <param name="Because">What of the environment differs, where it is not the digests.</param>
/// <param name="Outputs">Files that the lock names.</param>
/// <param name="Others">Those that differ.</param>
/// <param name="Metrics">Every number of the evaluation; empty where digests decide.</param>
public sealed record Reproduction(
    ComparedBy By, ImmutableArray<ChangedFact> Because, int Outputs, ImmutableArray<OtherOutput> Others, ImmutableArray<ComparedMetric> Metrics)
{
    public bool Differs => By == ComparedBy.Digests ? Others.Length > 0 : Metrics.Any(metric => !metric.Agrees);

    /// <summary>One sentence: which comparison was made, and what came of it.</summary>
    public string Verdict => (By, Differs) switch
    {
        (ComparedBy.Digests, false) => $"same: all {Outputs} files have the digests of the lock",
        (ComparedBy.Digests, true) => $"differs: {Others.Length} of {Outputs} files have other digests than the lock, on the same class of device with the same versions",
        (_, false) => $"same within tolerance: digests can't be expected to agree ({string.Join("; ", Because)}), and all {Metrics.Length} metrics do",
        _ => $"differs: {Metrics.Count(metric => !metric.Agrees)} of {Metrics.Length} metrics are further apart than other versions or devices explain ({string.Join("; ", Because)})",
    };
}
