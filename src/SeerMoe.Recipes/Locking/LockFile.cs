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
        if (!Directory.Exists(runFolder))
        {
            throw new InputException("There is no such run.", runFolder, $"Name a folder that holds {Name}: runs/NAME/NUMBER.");
        }

        if (!File.Exists(path))
        {
            throw new InputException("A run without a lock did not finish.", runFolder, $"Run the recipe again, or name a folder that holds {Name}.");
        }

        return ReadFile(path);
    }

    /// <summary>The same of a lock under any name, which may stand apart from its run.</summary>
    /// <exception cref="InputException">It can't be read, it is damaged, or it names files outside of the run.</exception>
    public static RunLock ReadFile(string path)
    {
        var runLock = SeerJson.Read<RunLock>(path, "Restore the lock from where the run was made.");
        if (runLock.Schema != RunLock.CurrentSchema)
        {
            throw new InputException($"'{runLock.Schema}' is not a lock that this version reads.", path, $"It reads \"{RunLock.CurrentSchema}\".");
        }

        if (!IsWhole(runLock))
        {
            throw new InputException("The lock lacks a part: its recipe, environment, inputs, or of a stage the id, key, options, inputs or outputs.", path, "Restore the lock from where the run was made.");
        }

        var stray = runLock.Stages.SelectMany(stage => stage.Outputs).FirstOrDefault(output => !IsBelow(output.Path));
        return stray is null
            ? runLock
            : throw new InputException($"The lock names '{stray.Path}', which is not in the run.", path, "Only trust locks of runs; this one was changed.");
    }

    // JSON leaves null where a key is absent, whatever the record promises.
    private static bool IsWhole(RunLock runLock) =>
        runLock is
        {
            Recipe: { Name: not null, Sha256: not null },
            Environment: { Tool: not null, Dotnet: not null, Torchsharp: not null, Libtorch: not null, Device: not null, Dtype: not null },
            Inputs.IsDefault: false,
            Stages.IsDefault: false,
        }
        && runLock.Inputs.All(IsWhole)
        && runLock.Stages.All(IsWhole);

    private static bool IsWhole(StageLock stage) =>
        stage is { Id: not null, Key: not null, Options: not null, Inputs.IsDefault: false, Outputs.IsDefault: false }
        && stage.Inputs.All(input => input is { Name: not null, Sha256: not null })
        && stage.Outputs.All(IsWhole);

    private static bool IsWhole(HashedFile file) => file is { Path: not null, Sha256: not null };

    private static bool IsBelow(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");
}
