using System.Collections.Immutable;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>What a sweep will do: the plan of every point, each as it would be of a run of its own.</summary>
public sealed record SweepPlan(SweepFile File, ImmutableArray<PlannedPoint> Points)
{
    /// <summary>What all points write, estimated; a stage that several points share counts once.</summary>
    public long DiskBytes => Points.SelectMany(point => point.Plan.Stages).DistinctBy(stage => stage.Key).Sum(stage => stage.DiskBytes);
}

/// <summary>One point, planned.</summary>
public sealed record PlannedPoint(SweepPoint Point, RunPlan Plan)
{
    public string Name => Point.Name;

    /// <summary>Its count stage; null where the recipe has none.</summary>
    public PlannedStage? Count => Plan.Stages.FirstOrDefault(stage => stage.Step is CountStep);
}
