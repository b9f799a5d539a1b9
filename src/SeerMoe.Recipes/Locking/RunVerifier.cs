using System.Collections.Immutable;

namespace SeerMoe.Recipes.Locking;

/// <summary>How a run folder differs from its lock.</summary>
public enum FindingKind
{
    /// <summary>The lock names a file that is not there.</summary>
    Missing,

    /// <summary>A file holds other bytes than the lock says.</summary>
    Changed,

    /// <summary>A file that no stage wrote: worth a warning, no difference.</summary>
    Extra,
}

/// <summary>One file that is not as the lock says.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Path">Relative to the run folder.</param>
/// <param name="Locked">What the lock says; null for an extra file.</param>
/// <param name="Found">What is there; null for a missing file, and for an extra one, which nobody reads.</param>
public sealed record Finding(FindingKind Kind, string Path, HashedFile? Locked, HashedFile? Found)
{
    public override string ToString() => Kind switch
    {
        FindingKind.Missing => $"missing: {Path}\n  locked {Locked!.Bytes} bytes, sha256 {Locked.Sha256}",
        FindingKind.Changed => $"changed: {Path}\n  locked {Locked!.Bytes} bytes, sha256 {Locked.Sha256}\n  found  {Found!.Bytes} bytes, sha256 {Found.Sha256}",
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

/// <summary>Hashes a run folder again and compares it with its lock.</summary>
public static class RunVerifier
{
    // Written beside the stages, and not part of what is proven: they hold times and memory.
    private static readonly string[] Unlocked = [LockFile.Name, "events.jsonl", "report.html"];

    /// <exception cref="InputException">There is no lock, or it can't be read.</exception>
    public static Verification Verify(string runFolder)
    {
        var runLock = LockFile.Read(runFolder);
        var outputs = runLock.Stages.SelectMany(stage => stage.Outputs).ToList();
        var findings = outputs.Select(output => Compare(runFolder, output)).Append(CompareRecipe(runFolder, runLock.Recipe));
        return new Verification(
            outputs.Count + 1,
            [.. findings.OfType<Finding>().Concat(Extra(runFolder, outputs)).OrderBy(finding => finding.Path, StringComparer.Ordinal)]);
    }

    private static Finding? Compare(string runFolder, HashedFile locked)
    {
        var path = Path.Combine(runFolder, locked.Path);
        if (!File.Exists(path))
        {
            return new Finding(FindingKind.Missing, locked.Path, locked, Found: null);
        }

        var found = HashedFile.Of(path, locked.Path);
        return found == locked ? null : new Finding(FindingKind.Changed, locked.Path, locked, found);
    }

    // The lock has no size of the recipe: its text is what its hash says.
    private static Finding? CompareRecipe(string runFolder, RecipeDigest recipe)
    {
        var path = Path.Combine(runFolder, FrozenRecipe.Name);
        var bytes = File.Exists(path) ? new FileInfo(path).Length : 0;
        return Compare(runFolder, new HashedFile(FrozenRecipe.Name, bytes, recipe.Sha256));
    }

    private static IEnumerable<Finding> Extra(string runFolder, IEnumerable<HashedFile> outputs)
    {
        var known = outputs.Select(output => output.Path).Append(FrozenRecipe.Name).Concat(Unlocked).ToHashSet(StringComparer.Ordinal);
        return Directory.EnumerateFiles(runFolder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(runFolder, file).Replace('\\', '/'))
            .Where(path => !known.Contains(path))
            .Select(path => new Finding(FindingKind.Extra, path, Locked: null, Found: null));
    }
}
