using System.Globalization;
using System.Text.RegularExpressions;
using SeerMoe.Digests;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Saving;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// What a run keeps while it is under way. All of it is gone when the lock is there.
/// <code>
/// quickstart/3/.unfinished/lock                    held by the process that works on it
/// quickstart/3/.unfinished/plan.json               the lock to be, as far as it is known
/// quickstart/3/.unfinished/3-regularize/work/      the stage under way: becomes 3-regularize/
/// quickstart/3/.unfinished/3-regularize/saved/     how far it is
/// </code>
/// </summary>
internal sealed partial class UnfinishedRun : IDisposable
{
    private const string FolderName = ".unfinished";
    private const string PlanName = "plan.json";
    private const double SecondsBetweenSaves = 30;

    // For tests, which can't wait that long.
    private const string SecondsVariable = "SEER_SAVE_SECONDS";

    private readonly string _runFolder;
    private readonly string _folder;
    private readonly FileStream _held;

    private UnfinishedRun(string runFolder)
    {
        (_runFolder, _folder) = (runFolder, Path.Combine(runFolder, FolderName));
        Directory.CreateDirectory(_folder);
        try
        {
            _held = new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(Path.Combine(_folder, "lock")))
        {
            throw new InputException("Another process is at work on this run.", runFolder, "Wait for it, or run without --resume, which makes another run.", error);
        }
    }

    /// <summary>Whether something of it is left to do.</summary>
    public static bool IsOne(string runFolder) => File.Exists(Path.Combine(runFolder, FrozenRecipe.Name)) && !File.Exists(Path.Combine(runFolder, LockFile.Name));

    /// <summary>Begins a run, or goes on with it, in its folder with its frozen recipe.</summary>
    /// <exception cref="InputException">It was begun with something else than the plan says, or another process has it.</exception>
    public static UnfinishedRun Open(string runFolder, RunPlan plan)
    {
        var run = new UnfinishedRun(runFolder);
        try
        {
            run.RefuseOtherPlan(plan);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Whether the folder holds a run that was begun with all that the plan says.</summary>
    public static bool Continues(string runFolder, RunPlan plan) => IsOne(runFolder) && Differences(runFolder, plan).Count == 0;

    public static TimeSpan BetweenSaves => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(SecondsVariable), CultureInfo.InvariantCulture, out var seconds) ? seconds : SecondsBetweenSaves);

    /// <summary>The folder to write a stage into; holds what an earlier process finished of it.</summary>
    public string WorkOf(PlannedStage stage)
    {
        var work = Directory.CreateDirectory(Path.Combine(_folder, stage.Folder, "work")).FullName;
        foreach (var half in Directory.EnumerateFileSystemEntries(work, "*", SearchOption.AllDirectories).Where(path => HalfWritten().IsMatch(path)).ToList())
        {
            if (Directory.Exists(half))
            {
                Directory.Delete(half, recursive: true);
            }
            else if (File.Exists(half)) // it may have gone with its folder
            {
                File.Delete(half);
            }
        }

        return work;
    }

    public SavePoint SaveOf(PlannedStage stage, DigestCache digests) => new(Path.Combine(_folder, stage.Folder, "saved"), BetweenSaves, digests);

    /// <summary>Throws away what there is of a stage under way.</summary>
    public void Forget(PlannedStage stage) => Delete(Path.Combine(_folder, stage.Folder));

    /// <summary>Gives a stage its name.</summary>
    public void Complete(PlannedStage stage)
    {
        Directory.Move(Path.Combine(_folder, stage.Folder, "work"), Path.Combine(_runFolder, stage.Folder));
        Forget(stage);
    }

    /// <summary>Nothing is left to do but to write the lock.</summary>
    public void Finish() => Delete(_folder);

    public void Dispose() => _held.Dispose();

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<ChangedFact> Differences(string runFolder, RunPlan plan)
    {
        var path = Path.Combine(runFolder, FolderName, PlanName);
        var expected = ExpectedLock.Of(plan);
        var changed = RunFacts.Differences(RunFacts.Of(RecipeFile.Load(Path.Combine(runFolder, FrozenRecipe.Name), []).Recipe), RunFacts.Of(plan.Recipe));
        if (File.Exists(path))
        {
            var begun = SeerJson.Read<RunLock>(path, "Run the recipe again without --resume.");
            changed = changed
                .Concat(RunFacts.Differences(RunFacts.OfInputs(begun), RunFacts.OfInputs(expected)))
                .Concat(RunFacts.Differences(RunFacts.Of(begun.Environment), RunFacts.Of(expected.Environment)));
        }

        return [.. changed];
    }

    private void RefuseOtherPlan(RunPlan plan)
    {
        if (Differences(_runFolder, plan) is { Count: > 0 } differences)
        {
            throw new InputException(
                $"The run was begun with something else: {string.Join("; ", differences)}.",
                _runFolder,
                "Change it back to resume, or run without --resume: what does not depend on it is reused.");
        }

        SeerJson.Write(Path.Combine(_folder, PlanName), ExpectedLock.Of(plan));
    }

    // What NewFolder, AtomicFile and SafetensorsWriter call a thing before it is whole.
    [GeneratedRegex(@"\.[0-9a-f]{32}\.partial$", RegexOptions.CultureInvariant)]
    private static partial Regex HalfWritten();
}
