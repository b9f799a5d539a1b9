namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>The jobs of a sweep and what Slurm last said of each: it forgets them minutes after they end.</summary>
internal sealed class SlurmQueue(SlurmJobs jobs)
{
    private readonly Dictionary<string, SlurmState> _last = new(StringComparer.Ordinal);
    private HashSet<string> _active = [];

    public bool IsAnyActive => _active.Count > 0;

    /// <returns>False when Slurm does not answer.</returns>
    public bool Refresh()
    {
        if (SlurmCommands.States(jobs.Ids) is not { } states)
        {
            return false;
        }

        foreach (var (id, state) in states)
        {
            _last[id] = state;
        }

        _active = [.. states.Where(pair => pair.Value.IsActive).Select(pair => pair.Key)];
        return true;
    }

    public void Add(SlurmJob job) => jobs.Add(job);

    /// <summary>A number that no script of the sweep has yet: logs of an earlier attempt stay.</summary>
    public int NextNumber => jobs.All.Length + 1;

    public bool IsWaitingFor(int point) => Active(JobKind.Points).Any(part => part.Task == point);

    /// <summary>The last job under way of a count; null where none is.</summary>
    public string? CountUnderWay(string key) =>
        jobs.All.LastOrDefault(job => job.Kind != JobKind.Points && job.Key == key && job.Parts.Any(part => _active.Contains(part.Id)))?.Id;

    /// <summary>Why a point that no job runs any more has neither a lock nor a failure of its own.</summary>
    /// <param name="point">The point.</param>
    /// <param name="folder">Holds the logs.</param>
    public PointFailure WhyWithout(PlannedPoint point, string folder)
    {
        var key = point.Count?.ShortKey ?? "";
        var ofCount = jobs.All.Where(job => job.Kind != JobKind.Points && job.Key == key && key.Length > 0).SelectMany(Failed).ToList();
        var own = TaskOf(point);

        // A point whose count failed never ran: the first failure is the one to mend.
        var (job, part) = ofCount.Count > 0 && !File.Exists(Path.Combine(folder, own.Part.Log ?? "")) ? ofCount[0] : own;
        if (job is null)
        {
            return new PointFailure(SweepTable.BadInput, "never submitted", "Resume the sweep.");
        }

        var state = _last.GetValueOrDefault(part.Id);
        var log = Path.Combine(folder, part.Log);
        var exitCode = SlurmCommands.ExitCode(part.Id);
        var what = job.Kind == JobKind.Points ? "task" : $"{job.Kind.ToString().ToLowerInvariant()} task";
        var how = state is null ? "ended without a result" : $"ended as {state.State}{(exitCode > 0 ? $", exit code {exitCode}" : $" ({state.Reason})")}";
        var said = ErrorIn(log) is { } error ? $": {error}" : "";
        return new PointFailure(
            exitCode == SweepTable.OurFault ? SweepTable.OurFault : SweepTable.BadInput,
            $"{what} {part.Id} {how}{said}",
            $"{what} {part.Id} {how}{said}\n  at {log}\n  Mend what it says (more --time or --mem with --sbatch, where it was ended from outside), and resume the sweep.");
    }

    /// <summary>What a point's own task said of its failure, with the task and its log.</summary>
    public PointFailure WithLog(PlannedPoint point, PointFailure failure, string folder) =>
        TaskOf(point).Part is { Id: { } id, Log: { } log } && Path.Combine(folder, log) is var path && !failure.Story.Contains(path, StringComparison.Ordinal)
            ? failure with { Story = $"{failure.Story}\n  in task {id}, log {path}" }
            : failure;

    private (SlurmJob? Job, (string Id, int? Task, string Log) Part) TaskOf(PlannedPoint point) =>
        jobs.All.Where(job => job.Kind == JobKind.Points).SelectMany(job => job.Parts.Select(part => ((SlurmJob?)job, part))).LastOrDefault(part => part.part.Task == point.Point.Number);

    private IEnumerable<(SlurmJob? Job, (string Id, int? Task, string Log) Part)> Failed(SlurmJob job) =>
        job.Parts.Where(part => _last.TryGetValue(part.Id, out var state) && !state.IsActive && state.State != "COMPLETED" && state.Reason != "DependencyNeverSatisfied").Select(part => ((SlurmJob?)job, part));

    private IEnumerable<(string Id, int? Task, string Log)> Active(JobKind kind) =>
        jobs.All.Where(job => job.Kind == kind).SelectMany(job => job.Parts).Where(part => _active.Contains(part.Id));

    private static string? ErrorIn(string log)
    {
        const string Opening = "error: ";
        return File.Exists(log) && File.ReadLines(log).FirstOrDefault(line => line.StartsWith(Opening, StringComparison.Ordinal)) is { } line ? line[Opening.Length..] : null;
    }
}
