namespace SeerMoe.Recipes.Locking;

/// <summary>seer.lock.json: the last file that a run writes.</summary>
public static class LockFile
{
    public const string Name = "seer.lock.json";

    public static void Write(string runFolder, RunLock runLock) => SeerJson.Write(Path.Combine(runFolder, Name), runLock);

    /// <exception cref="InputException">There is none, it is damaged, or it names files outside of the run.</exception>
    public static RunLock Read(string runFolder)
    {
        var path = Path.Combine(runFolder, Name);
        if (!File.Exists(path))
        {
            throw new InputException("A run without a lock did not finish.", runFolder, $"Run the recipe again, or name a folder that holds {Name}.");
        }

        var runLock = SeerJson.Read<RunLock>(path, "Restore the lock from where the run was made.");
        if (runLock.Schema != RunLock.CurrentSchema)
        {
            throw new InputException($"'{runLock.Schema}' is not a lock that this version reads.", path, $"It reads \"{RunLock.CurrentSchema}\".");
        }

        if (!IsWhole(runLock))
        {
            throw new InputException("The lock lacks its recipe, its stages or their outputs.", path, "Restore the lock from where the run was made.");
        }

        var stray = runLock.Stages.SelectMany(stage => stage.Outputs).FirstOrDefault(output => !IsBelow(output.Path));
        return stray is null
            ? runLock
            : throw new InputException($"The lock names '{stray.Path}', which is not in the run.", path, "Only trust locks of runs; this one was changed.");
    }

    private static bool IsWhole(RunLock runLock) =>
        runLock is { Recipe.Sha256: not null, Stages.IsDefault: false }
        && runLock.Stages.All(stage => stage is { Outputs.IsDefault: false } && stage.Outputs.All(output => output is { Path: not null, Sha256: not null }));

    private static bool IsBelow(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");
}
