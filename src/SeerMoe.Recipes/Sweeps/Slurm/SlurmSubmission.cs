using System.Globalization;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>Submits what is missing of a sweep: shards, their sum, points. What is there or under way is left alone.</summary>
internal sealed class SlurmSubmission(SweepWork work, string folder, SlurmQueue queue, SlurmOptions options)
{
    private readonly SlurmTasks _tasks = new(options.Tool, work.Folder);

    /// <param name="points">Points that share a count, or have none.</param>
    public void Submit(IReadOnlyList<PlannedPoint> points)
    {
        PlannedPoint[] missing = [.. points.Where(point => !queue.IsWaitingFor(point.Point.Number))];
        if (missing.Length == 0)
        {
            return;
        }

        var after = missing[0].Count is { } count && !work.IsCounted(count) ? queue.CountUnderWay(count.ShortKey) ?? SubmitCount(missing[0]) : null;
        foreach (var point in missing)
        {
            work.Folder.Begin(point);
        }

        Submit(JobKind.Points, missing[0].Count?.ShortKey ?? "", name => _tasks.Points(name, [.. missing.Select(point => point.Point.Number)], options.Jobs), after);
    }

    private string SubmitCount(PlannedPoint point)
    {
        var count = point.Count!;
        if (SlurmTasks.ShardsOf(count) == 1)
        {
            return Submit(JobKind.Count, count.ShortKey, name => _tasks.Count(name, point), after: null);
        }

        var shards = _tasks.MissingShards(count);
        var counted = shards.Count == 0 ? null : Submit(JobKind.Count, count.ShortKey, name => _tasks.Shards(name, point, shards), after: null);
        return Submit(JobKind.Merge, count.ShortKey, name => _tasks.Merge(name, count), counted);
    }

    private string Submit(JobKind kind, string key, Func<string, SbatchScript> write, string? after)
    {
        var script = write(string.Create(CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant()}-{queue.NextNumber}"));
        var path = Path.Combine(folder, $"{script.Name}.sbatch");
        AtomicFile.WriteText(path, script.Text(work.Folder.Recipe.Name, folder, options.Sbatch));
        var id = SlurmCommands.Submit(path, after);
        queue.Add(new SlurmJob(id, kind, key, script.Name, [.. script.Tasks]));
        return id;
    }
}
