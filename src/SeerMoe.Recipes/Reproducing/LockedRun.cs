using System.Text;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Reproducing;

/// <summary>A lock with the frozen recipe that stands beside it: all that is needed to run it again, but for the inputs.</summary>
/// <param name="Folder">Full path of the folder that holds both.</param>
/// <param name="Lock">What came out of the run.</param>
/// <param name="Recipe">The text of its recipe, whose paths are relative to the folder of the recipe that was run.</param>
public sealed record LockedRun(string Folder, RunLock Lock, string Recipe)
{
    /// <param name="path">The lock, or the folder of the run.</param>
    /// <exception cref="InputException">There is none, or its recipe is not what it says.</exception>
    public static LockedRun Open(string path)
    {
        var file = Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, LockFile.Name) : path);
        var folder = Path.GetDirectoryName(file)!;
        if (!File.Exists(file))
        {
            throw new InputException("There is no lock.", file, $"Name a {LockFile.Name}, or the folder of a run that holds one.");
        }

        var runLock = LockFile.ReadFile(file);
        var recipe = Path.Combine(folder, FrozenRecipe.Name);
        if (!File.Exists(recipe) || HashedFile.Of(recipe, FrozenRecipe.Name).Sha256 != runLock.Recipe.Sha256)
        {
            throw new InputException($"The lock needs its {FrozenRecipe.Name} beside it, as it was frozen.", recipe, "Copy it there from the run.");
        }

        return new LockedRun(folder, runLock, Encoding.UTF8.GetString(File.ReadAllBytes(recipe)));
    }

    /// <summary>The plan of the same run here, refused where an input is absent or another one.</summary>
    /// <param name="inputs">What the recipe's paths are relative to; null looks where the run was made, then in the current folder.</param>
    /// <param name="asked">Whose `auto` means the lock's: class of device, precision.</param>
    /// <param name="interrupted">Looked at while hashing.</param>
    /// <exception cref="InputException">An input is absent or differs, or the device is not there.</exception>
    /// <exception cref="RecipeException">The recipe can't be planned here.</exception>
    public RunPlan Plan(string? inputs, Compute asked, CancellationToken interrupted)
    {
        var compute = asked with
        {
            Device = asked.Device == ComputeDevice.Auto ? ComputeDevice.Parse(Lock.Environment.Device) : asked.Device,
            Type = asked.Type == ComputeType.Auto ? ComputeType.Parse(Lock.Environment.Dtype) : asked.Type,
        };
        var folder = FolderOfInputs(inputs);
        var plan = RunPlanner.Plan(RecipeFile.Parse(Recipe, Path.Combine(folder, FrozenRecipe.Name), []), compute, interrupted);
        var changed = RunFacts.Differences(RunFacts.OfInputs(Lock), RunFacts.OfInputs(ExpectedLock.Of(plan))).ToList();
        return changed.Count == 0
            ? plan
            : throw new InputException($"The inputs are not those of the lock: {string.Join("; ", changed)}.", folder, "Restore them, or say with --inputs what the recipe's paths are relative to.");
    }

    private string FolderOfInputs(string? said)
    {
        string?[] candidates = said is null ? [RunEvents.RecipeFolder(Folder), Directory.GetCurrentDirectory()] : [said];
        return Path.GetFullPath(Array.Find(candidates, folder => folder is not null && Absent(folder) is null) is { } found
            ? found
            : throw new InputException(
                $"An input of the lock is absent: {Absent(candidates[^1]!)}.",
                Path.GetFullPath(candidates[^1]!),
                "Say with --inputs what the recipe's paths are relative to: the folder of the recipe that was run."));
    }

    private string? Absent(string folder) => Lock.Inputs.FirstOrDefault(input => !File.Exists(Path.Combine(folder, input.Path)))?.Path;
}
