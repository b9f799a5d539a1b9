using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>One point, run: in this process, or as one task of a scheduler.</summary>
public static class PointRun
{
    /// <summary>What goes wrong is written beside the point's folder and thrown no further: the other points go on.</summary>
    /// <exception cref="OperationCanceledException">Interrupted; the point can be resumed.</exception>
    /// <returns>Null when the point is done.</returns>
    /// <param name="shared">What the points have in common; null for what is in the folder.</param>
    public static PointFailure? Run(SweepFolder folder, PlannedPoint point, StageCache cache, IProgress<Progress>? progress = null, CancellationToken interrupted = default, SharedResults? shared = null) => Guarded(
        folder,
        [point],
        () =>
        {
            folder.Begin(point);
            var named = progress is null ? null : new NamedProgress(progress, what => $"{point.Name}, {what}");
            Runner.RunIn(point.Plan, folder.FolderOf(point.Point), cache, named, interrupted, shared ?? folder.Shared(cache));
        });

    /// <summary>Counts once what several points go by, unless it is there.</summary>
    /// <param name="work">Of the sweep.</param>
    /// <param name="points">All that share this count; they fail together.</param>
    /// <param name="progress">Of the count.</param>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    /// <returns>Null when the statistics are there.</returns>
    public static PointFailure? Count(SweepWork work, IReadOnlyList<PlannedPoint> points, IProgress<Progress>? progress = null) => Guarded(
        work.Folder,
        points,
        () =>
        {
            var (plan, stage) = (points[0].Plan, points[0].Count!);
            if (work.IsCounted(stage))
            {
                return;
            }

            var target = work.Folder.CountOf(stage);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true); // what is in it is not what was counted
            }

            using var counts = NewFolder.Create(target);
            StageWork.Compute(new StageContext(plan, stage, work.Folder.Path, counts.Path, progress));
            work.Cache.Add(stage.Key, target, [.. HashedFile.Below(counts.Path, counts.Path)]);
            counts.Complete();
        });

    private static PointFailure? Guarded(SweepFolder folder, IEnumerable<PlannedPoint> points, Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var failure = error switch
            {
                InputException input => new PointFailure(SweepTable.BadInput, input.What, input.Message),
                RecipeException or IOException or UnauthorizedAccessException => new PointFailure(SweepTable.BadInput, FirstLine(error), error.Message),
                _ => new PointFailure(SweepTable.OurFault, FirstLine(error), $"{error}"),
            };
            foreach (var point in points)
            {
                folder.Fail(point.Point, failure);
            }

            return failure;
        }
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].TrimEnd('\r');
}
