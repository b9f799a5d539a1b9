using System.Collections.Immutable;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>What a job does for its sweep.</summary>
internal enum JobKind
{
    /// <summary>Counts shards, or the whole.</summary>
    Count,

    /// <summary>Adds what shards counted.</summary>
    Merge,

    /// <summary>Runs points.</summary>
    Points,
}

/// <summary>A job that was submitted.</summary>
/// <param name="Id">Slurm's number.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Key">Of the count that it makes or waits for; empty where there is none.</param>
/// <param name="Script">Name of its script, without the ending: its logs begin with it.</param>
/// <param name="Tasks">Numbers of its array's tasks, which are points or shards; empty for a single job.</param>
internal sealed record SlurmJob(string Id, JobKind Kind, string Key, string Script, ImmutableArray<int> Tasks)
{
    /// <summary>As Slurm names it: `12_3`, or `12` for a single job; with its log.</summary>
    public IEnumerable<(string Id, int? Task, string Log)> Parts =>
        Tasks.Length == 0 ? [(Id, null, $"{Script}.log")] : Tasks.Select(task => ($"{Id}_{task}", (int?)task, $"{Script}-{task}.log"));
}

/// <summary>jobs.json of a sweep's slurm folder: every job that was ever submitted for it, so that a resumed sweep waits for what still runs.</summary>
internal sealed class SlurmJobs
{
    private readonly string _path;

    private SlurmJobs(string path, ImmutableArray<SlurmJob> all) => (_path, All) = (path, all);

    /// <summary>In the order of submission.</summary>
    public ImmutableArray<SlurmJob> All { get; private set; }

    public IReadOnlyCollection<string> Ids => [.. All.Select(job => job.Id)];

    public static SlurmJobs Open(string folder)
    {
        var path = Path.Combine(folder, "jobs.json");
        return new SlurmJobs(path, File.Exists(path) ? SeerJson.Read<ImmutableArray<SlurmJob>>(path, "Remove the file when none of the sweep's jobs runs any more.") : []);
    }

    /// <summary>Written at once: a job that is not in here would be submitted a second time.</summary>
    public void Add(SlurmJob job)
    {
        All = All.Add(job);
        SeerJson.Write(_path, All);
    }
}
