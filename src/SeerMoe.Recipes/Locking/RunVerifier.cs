using SeerMoe.Digests;

namespace SeerMoe.Recipes.Locking;

/// <summary>Hashes a run folder again and compares it with its lock, and the lock with itself (<see cref="LockDerivation"/>).</summary>
public static class RunVerifier
{
    // Written beside the stages, and not part of what is proven: times and memory, and what is told of the rest.
    private static readonly string[] Unlocked = [LockFile.Name, "events.jsonl", "report.html", "model-card.md"];

    /// <param name="runFolder">Holds the lock.</param>
    /// <param name="interrupted">Looked at while hashing.</param>
    /// <param name="digests">Trusts the digests of large files that were not touched since; null reads every byte.</param>
    /// <exception cref="InputException">There is no lock, or it can't be read.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while hashing.</exception>
    public static Verification Verify(string runFolder, CancellationToken interrupted = default, DigestCache? digests = null)
    {
        var runLock = LockFile.Read(runFolder);
        var outputs = runLock.Stages.SelectMany(stage => stage.Outputs).ToList();
        Finding?[] files = [.. outputs.Select(output => Compare(runFolder, output, digests, interrupted)), CompareRecipe(runFolder, runLock.Recipe, interrupted)];
        return new Verification(
            outputs.Count + 1,
            [.. files.OfType<Finding>().Concat(LockDerivation.Contradictions(runFolder, runLock)).Concat(Extra(runFolder, outputs)).OrderBy(finding => finding.Path, StringComparer.Ordinal)]);
    }

    private static Finding? Compare(string runFolder, HashedFile locked, DigestCache? digests, CancellationToken interrupted)
    {
        var path = Path.Combine(runFolder, locked.Path);
        if (!File.Exists(path))
        {
            return new Finding(FindingKind.Missing, locked.Path, Text(locked), Found: null);
        }

        var found = digests is null ? HashedFile.Of(path, locked.Path, interrupted) : HashedFile.Of(path, locked.Path, digests, interrupted);
        return found == locked ? null : new Finding(FindingKind.Changed, locked.Path, Text(locked), Text(found));
    }

    // The lock holds the hash of the recipe and not its size.
    private static Finding? CompareRecipe(string runFolder, RecipeDigest recipe, CancellationToken interrupted)
    {
        var path = Path.Combine(runFolder, FrozenRecipe.Name);
        var locked = $"sha256 {recipe.Sha256}";
        if (!File.Exists(path))
        {
            return new Finding(FindingKind.Missing, FrozenRecipe.Name, locked, Found: null);
        }

        var found = HashedFile.Of(path, FrozenRecipe.Name, interrupted);
        return found.Sha256 == recipe.Sha256 ? null : new Finding(FindingKind.Changed, FrozenRecipe.Name, locked, $"sha256 {found.Sha256}");
    }

    private static string Text(HashedFile file) => $"{file.Bytes} bytes, sha256 {file.Sha256}";

    private static IEnumerable<Finding> Extra(string runFolder, IEnumerable<HashedFile> outputs)
    {
        var known = outputs.Select(output => output.Path).Append(FrozenRecipe.Name).Concat(Unlocked).ToHashSet(StringComparer.Ordinal);
        return Directory.EnumerateFiles(runFolder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(runFolder, file).Replace('\\', '/'))
            .Where(path => !known.Contains(path))
            .Select(path => new Finding(FindingKind.Extra, path, Locked: null, Found: null));
    }
}
