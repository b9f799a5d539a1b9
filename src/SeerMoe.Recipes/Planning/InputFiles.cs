using System.Collections.Immutable;
using SeerMoe.Digests;
using SeerMoe.Recipes.Locking;

namespace SeerMoe.Recipes.Planning;

/// <summary>The files that a run reads, each hashed once.</summary>
internal sealed class InputFiles(RecipeFile file, PlannedModel model, DigestCache digests, CancellationToken interrupted)
{
    private readonly SortedDictionary<string, PlannedInput> _hashed = new(StringComparer.Ordinal);

    /// <summary>All that any step asked for so far, ordinal by path.</summary>
    public ImmutableArray<PlannedInput> All => [.. _hashed.Values];

    /// <summary>The model (whatever the step changes, it starts from there), then the data in the step's order, then the files of its tasks, then its plan file.</summary>
    public IEnumerable<StageInput> Of(Step step)
    {
        var files = model.Files.Select(name => (Name: $"model/{name}", Path: Path.Combine(model.Folder, name)))
            .Concat(StageOptions.DataOf(file.Recipe, step).Where(source => source.Format != DataFormat.Folder).Select(source => (Name: $"data/{source.Name}", source.Path)))
            .Concat(PlannedTasks.OnFolders(file, step).SelectMany(task => PlannedTasks.Files(file, task)).DistinctBy(input => input.Name))
            .Concat(step is PruneStep { Plan: { } plan } ? [("plan", plan)] : []);
        return files.Select(input => new StageInput(input.Name, Hashed(input.Path).Sha256));
    }

    private HashedFile Hashed(string path)
    {
        var relative = file.Relative(path);
        if (!_hashed.TryGetValue(relative, out var input))
        {
            var full = file.Resolve(path);
            var written = File.GetLastWriteTimeUtc(full);
            _hashed.Add(relative, input = new PlannedInput(HashedFile.Of(full, relative, digests, interrupted), written));
        }

        return input.File;
    }
}
