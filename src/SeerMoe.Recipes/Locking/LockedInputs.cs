using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;

namespace SeerMoe.Recipes.Locking;

/// <summary>
/// `run --locked`: what goes in must be what went in before. The lock is the one beside the recipe, where there is one to be kept with
/// it (`quickstart.lock.json` beside `quickstart.yaml`, a copy of a run's), else that of the newest finished run of the recipe.
/// </summary>
public static class LockedInputs
{
    /// <param name="plan">What would be run; its options may differ from the lock's, its inputs and environment may not.</param>
    /// <param name="root">Holds the runs.</param>
    /// <param name="point">Which point of the recipe's sweeps it is; null where nothing is swept.</param>
    /// <exception cref="InputException">There is no lock, or something differs.</exception>
    public static void Refuse(RunPlan plan, string root, string? point = null)
    {
        var path = PathOf(plan, root, point);
        var (locked, now) = (LockFile.ReadFile(path), ExpectedLock.Of(plan));
        ChangedFact[] changed =
        [
            .. RunFacts.Differences(RunFacts.OfInputs(locked), RunFacts.OfInputs(now)),
            .. RunFacts.Differences(RunFacts.Of(locked.Environment), RunFacts.Of(now.Environment)),
        ];
        if (changed.Length > 0)
        {
            throw new InputException($"What goes in is not what the lock says: {string.Join("; ", changed.AsEnumerable())}.", path, "Restore it, or run without --locked.");
        }
    }

    private static string PathOf(RunPlan plan, string root, string? point)
    {
        var beside = Path.Combine(plan.File.Folder, $"{Path.GetFileNameWithoutExtension(plan.File.Path)}.lock.json");
        return File.Exists(beside)
            ? beside
            : RunFolder.NewestFirst(root, plan.Recipe.Name).Select(run => Path.Combine(point is null ? run : SweepFolder.PointIn(run, point), LockFile.Name)).FirstOrDefault(File.Exists)
                ?? throw new InputException($"There is no lock to hold '{plan.Recipe.Name}' against.", beside, "Run it once without --locked, or put the lock of a run there.");
    }
}
