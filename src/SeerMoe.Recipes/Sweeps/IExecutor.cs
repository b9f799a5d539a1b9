using System.Collections.Immutable;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>Where the points of a sweep run. A point that is done has a lock, one that failed has its failure beside it.</summary>
public interface IExecutor
{
    /// <summary>Returns when no point is waiting or running any more.</summary>
    /// <exception cref="OperationCanceledException">Interrupted: the sweep can be resumed.</exception>
    void Run(SweepWork work, IProgress<Progress>? progress, CancellationToken interrupted);
}

/// <summary>What is left to do of a sweep.</summary>
/// <param name="Folder">Of the sweep.</param>
/// <param name="Waiting">The points that are not done.</param>
/// <param name="Cache">Stages that were done before.</param>
public sealed record SweepWork(SweepFolder Folder, ImmutableArray<PlannedPoint> Waiting, StageCache Cache)
{
    public static SweepWork Of(SweepFolder folder, SweepPlan plan, StageCache? cache = null) =>
        new(folder, [.. plan.Points.Where(point => !folder.IsDone(point.Point))], cache ?? folder.Cache());

    /// <summary>Whether nothing of a count is left to do.</summary>
    public bool IsCounted(PlannedStage count) => Folder.Shared(Cache).Counted(count) is not null || Cache.Find(count.Key) is not null;

    /// <summary>The waiting points by what they count: those of one group need one count. Points that count nothing come last.</summary>
    public IReadOnlyList<PlannedPoint[]> ByCount =>
        [.. Waiting.GroupBy(point => point.Count?.Key, StringComparer.Ordinal).OrderBy(group => group.Key is null).Select(group => group.ToArray())];
}
