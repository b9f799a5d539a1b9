using System.Collections.Immutable;

namespace SeerMoe.Recipes.Locking;

/// <summary>How a run folder differs from its lock.</summary>
public enum FindingKind
{
    /// <summary>The lock names a file that is not there.</summary>
    Missing,

    /// <summary>A file holds other bytes than the lock says.</summary>
    Changed,

    /// <summary>A value of the lock does not follow from the recipe or from the rest of the lock.</summary>
    Contradiction,

    /// <summary>A file that no stage wrote: worth a warning, no difference.</summary>
    Extra,
}

/// <summary>One thing that is not as the lock says.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Path">The file, relative to the run folder; for a contradiction the value, `stages[1].key`.</param>
/// <param name="Locked">What the lock says; null for an extra file.</param>
/// <param name="Found">What is there, or follows; null for a missing file, and for an extra one, which nobody reads.</param>
public sealed record Finding(FindingKind Kind, string Path, string? Locked, string? Found)
{
    public override string ToString() => Kind switch
    {
        FindingKind.Missing => $"missing: {Path}\n  locked {Locked}",
        FindingKind.Changed => $"changed: {Path}\n  locked {Locked}\n  found  {Found}",
        FindingKind.Contradiction => $"contradiction: {LockFile.Name}, {Path}\n  locked {Locked}\n  {Found}",
        _ => $"extra: {Path}\n  no stage wrote it",
    };
}

/// <summary>What a verification found.</summary>
/// <param name="Files">How many files the lock names, the recipe included.</param>
/// <param name="Findings">Ordinal by path.</param>
public sealed record Verification(int Files, ImmutableArray<Finding> Findings)
{
    /// <summary>Extra files alone are no difference.</summary>
    public bool Differs => Findings.Any(finding => finding.Kind != FindingKind.Extra);
}
