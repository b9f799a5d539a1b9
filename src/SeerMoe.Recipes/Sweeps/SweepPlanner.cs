using System.Collections.Immutable;
using SeerMoe.Digests;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>Plans every point before any runs, so that what arithmetic can refuse is refused for all of them at once.</summary>
public static class SweepPlanner
{
    /// <exception cref="RecipeException">Everything that is absent or can't work, each fault once.</exception>
    /// <exception cref="InputException">The device is not there, or data that are learned from and data that judge overlap.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while hashing.</exception>
    public static SweepPlan Plan(SweepFile file, Compute compute, CancellationToken interrupted = default, DigestCache? digests = null)
    {
        digests ??= new DigestCache(); // points read the same files
        var overlap = new OverlapCheck();
        var points = ImmutableArray.CreateBuilder<PlannedPoint>();
        var faults = new List<Diagnostic>();
        foreach (var point in file.Points)
        {
            try
            {
                points.Add(new PlannedPoint(point, RunPlanner.Plan(point.File, compute, interrupted, digests, overlap)));
            }
            catch (RecipeException refused)
            {
                faults.AddRange(refused.Diagnostics);
            }
        }

        return faults.Count == 0 ? new SweepPlan(file, points.ToImmutable()) : throw new RecipeException([.. faults.Distinct()]);
    }
}
