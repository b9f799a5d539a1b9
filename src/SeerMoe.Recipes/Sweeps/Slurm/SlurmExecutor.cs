using SeerMoe.Torch;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>How a sweep uses Slurm.</summary>
public sealed record SlurmOptions
{
    /// <summary>The tool as the tasks call it: a command and its first arguments.</summary>
    public required IReadOnlyList<string> Tool { get; init; }

    /// <summary>Points that run at once; null is as many as the cluster lets.</summary>
    public int? Jobs { get; init; }

    /// <summary>Lines for every script, `--time=1:00:00` each.</summary>
    public IReadOnlyList<string> Sbatch { get; init; } = [];
}

/// <summary>
/// On a cluster: an array over the shards of each count, a job that adds them up, and an array over the points after it. All
/// nodes see the sweep's folder, the model and the data under the same paths.
/// <code>
/// count-1  [1-4]  ─afterok─▶  merge-1  ─afterok─▶  points-1  [1-12]
/// </code>
/// </summary>
public sealed class SlurmExecutor : IExecutor
{
    private const string FolderName = "slurm";
    private const int MostSilences = 20;

    // Often at first, so that small sweeps end soon; seldom later, so that the cluster's controller is left in peace.
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SlurmOptions _options;

    public SlurmExecutor(SlurmOptions options)
    {
        _options = options;
        if (options.Sbatch.FirstOrDefault(option => !option.StartsWith('-') || option.Any(char.IsControl)) is { } odd)
        {
            throw new InputException($"'{odd}' is no option of sbatch.", "--sbatch", "Give one option each time: --sbatch \"--time=1:00:00\".");
        }
    }

    /// <summary>Jobs of this sweep that Slurm has not finished, for whoever has to leave them alone.</summary>
    public static IReadOnlyList<string> Unfinished(SweepFolder folder)
    {
        var jobs = SlurmJobs.Open(folder.PathOf(FolderName));
        return SlurmCommands.States(jobs.Ids) is { } states ? [.. states.Where(pair => pair.Value.IsActive).Select(pair => pair.Key.Split('_')[0]).Distinct(StringComparer.Ordinal)] : [.. jobs.Ids];
    }

    public void Run(SweepWork work, IProgress<Progress>? progress, CancellationToken interrupted)
    {
        var folder = work.Folder.PathOf(FolderName);
        if (folder.AsSpan().IndexOfAny("\"\\\n\r") >= 0)
        {
            throw new InputException("Slurm can't write logs into a folder of this name.", folder, "Name an --output without quotes, backslashes and line breaks.");
        }

        if (work.Waiting.FirstOrDefault(point => point.Plan.Recipe.Step<PruneStep>() is { Criterion.Source: not null }) is { } scripted)
        {
            throw new InputException("A criterion in C# stays with the script that wrote it, and a task of Slurm reads the frozen recipe.", scripted.Plan.File.Path, "Use a criterion of the catalog, or --executor local.");
        }

        Directory.CreateDirectory(folder);
        var queue = new SlurmQueue(SlurmJobs.Open(folder));
        queue.Refresh();
        var submission = new SlurmSubmission(work, folder, queue, _options);
        foreach (var group in work.ByCount)
        {
            interrupted.ThrowIfCancellationRequested();
            submission.Submit(group);
        }

        Wait(work, queue, progress, interrupted);
        foreach (var point in work.Waiting.Where(point => !work.Folder.IsDone(point.Point)))
        {
            work.Folder.Fail(point.Point, work.Folder.FailureOf(point.Point) is { } own ? queue.WithLog(point, own, folder) : queue.WhyWithout(point, folder));
        }
    }

    private void Wait(SweepWork work, SlurmQueue queue, IProgress<Progress>? progress, CancellationToken interrupted)
    {
        var (told, silences, wait) = (-1, 0, FirstWait);
        while (true)
        {
            silences = queue.Refresh() ? 0 : silences + 1;
            if (silences > MostSilences)
            {
                throw new InputException("squeue does not answer any more.", "--executor slurm", "The jobs may go on; resume the sweep when Slurm is there again.");
            }

            var ended = work.Waiting.Count(point => work.Folder.IsDone(point.Point) || work.Folder.FailureOf(point.Point) is not null);
            if (ended > told)
            {
                progress?.Report(new Progress("points ended", told = ended, work.Waiting.Length));
            }

            if (silences == 0 && !queue.IsAnyActive)
            {
                return;
            }

            interrupted.WaitHandle.WaitOne(wait);
            interrupted.ThrowIfCancellationRequested();
            wait = wait * 1.2 > LongestWait ? LongestWait : wait * 1.2;
        }
    }
}
