using SeerMoe.Digests;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>
/// The folder of one sweep, numbered among the recipe's runs. All that any point needs is in it from the start.
/// <code>
/// ratios/3/recipe.yaml          frozen at launch, with its axes
/// ratios/3/launch.json          device, precision, and where the recipe's paths begin
/// ratios/3/counts/KEY/            statistics that several points go by
/// ratios/3/evaluations/KEY.json   what is measured on the model itself: neighbours, masked cuts
/// ratios/3/points/001/          a run like any other, with a lock when it is done
/// ratios/3/points/002.failed.json
/// ratios/3/sweep.csv, .md, .json
/// </code>
/// </summary>
public sealed class SweepFolder
{
    private const string PointsName = "points";
    private const string WhatToDo = "Name the folder of a sweep, runs/NAME/NUMBER.";

    private SweepFolder(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>What is counted and measured once for all points.</summary>
    public SharedResults Shared(StageCache cache) => new(Path, cache);

    /// <summary>Statistics that were counted once, by key.</summary>
    public string Counts => SharedResults.CountsIn(Path);

    /// <summary>What was done in any run beside this sweep, and in its points.</summary>
    public StageCache Cache(DigestCache? digests = null) => new(System.IO.Path.Combine(Path, "..", ".."), digests);

    private string Points => PathOf(PointsName);

    /// <summary>Makes it, with the frozen recipe of the whole and of every point.</summary>
    /// <param name="root">Holds a folder for each recipe.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="launch">All but the recipe's folder, which is found here.</param>
    /// <exception cref="InputException">The folder can't be made.</exception>
    public static SweepFolder Create(string root, SweepPlan plan, SweepLaunch launch)
    {
        var folder = new SweepFolder(RunFolder.Create(root, plan.File.Name, FrozenRecipe.Header + plan.File.Text).Path);
        SeerJson.Write(folder.PathOf(SweepLaunch.Name), launch with { RecipeFolder = System.IO.Path.GetRelativePath(folder.Path, plan.File.Folder).Replace('\\', '/') });
        Directory.CreateDirectory(folder.Counts);
        foreach (var point in plan.Points)
        {
            folder.Begin(point);
        }

        return folder;
    }

    /// <exception cref="InputException">Not the folder of a sweep.</exception>
    public static SweepFolder Open(string path) => File.Exists(System.IO.Path.Combine(path, SweepLaunch.Name))
        ? new SweepFolder(System.IO.Path.GetFullPath(path))
        : throw new InputException($"The folder holds no {SweepLaunch.Name}.", path, WhatToDo);

    /// <summary>The newest sweep of this very recipe, values and settings included; null where there is none.</summary>
    public static SweepFolder? Newest(string root, SweepFile file) =>
        RunFolder.NewestFirst(root, file.Name)
            .Where(path => File.Exists(System.IO.Path.Combine(path, SweepLaunch.Name)) && File.ReadAllText(System.IO.Path.Combine(path, FrozenRecipe.Name)) == FrozenRecipe.Header + file.Text)
            .Select(path => new SweepFolder(path))
            .FirstOrDefault();

    /// <summary>From now on points and tasks may take so many bytes of memory.</summary>
    public void AllowMemory(long bytes)
    {
        if (Launch.MemoryBytes != bytes)
        {
            SeerJson.Write(PathOf(SweepLaunch.Name), Launch with { MemoryBytes = bytes });
        }
    }

    public SweepLaunch Launch => SeerJson.Read<SweepLaunch>(PathOf(SweepLaunch.Name), WhatToDo);

    /// <summary>The recipe as it was frozen.</summary>
    public SweepFile Recipe => SweepFile.Parse(RecipeText.Read(PathOf(FrozenRecipe.Name)), PathOf(FrozenRecipe.Name), [], [], [], System.IO.Path.Combine(Path, Launch.RecipeFolder));

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The run folder of a point.</summary>
    public string FolderOf(SweepPoint point) => PointIn(Path, point.Name);

    /// <summary>The run folder of a point, in the folder of its sweep.</summary>
    internal static string PointIn(string sweep, string point) => System.IO.Path.Combine(sweep, PointsName, point);

    /// <summary>Where the statistics of a count stage go, or are.</summary>
    public string CountOf(PlannedStage count) => System.IO.Path.Combine(Counts, count.ShortKey);

    public bool IsDone(SweepPoint point) => File.Exists(System.IO.Path.Combine(FolderOf(point), LockFile.Name));

    /// <summary>Null for a point that has not failed, or not yet.</summary>
    public PointFailure? FailureOf(SweepPoint point) =>
        File.Exists(FailurePath(point)) ? SeerJson.Read<PointFailure>(FailurePath(point), "Remove the file and resume the sweep.") : null;

    public void Fail(SweepPoint point, PointFailure failure) => SeerJson.Write(FailurePath(point), failure);

    /// <summary>A point that was begun goes on where it is. It begins anew, with its frozen recipe and nothing else, where what goes into it was changed since.</summary>
    public void Begin(PlannedPoint point)
    {
        var folder = FolderOf(point.Point);
        Directory.CreateDirectory(Points);
        File.Delete(FailurePath(point.Point));
        if (UnfinishedRun.Continues(folder, point.Plan))
        {
            return;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(System.IO.Path.Combine(folder, FrozenRecipe.Name), new FrozenRecipe(point.Plan.Recipe).Text);
    }

    private string FailurePath(SweepPoint point) => System.IO.Path.Combine(Points, $"{point.Name}.failed.json");
}
