using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeerMoe.Recipes.Sweeps;

namespace SeerMoe.Tool.Output;

/// <summary>The plan of a sweep as JSON: that of every point, with what it sets.</summary>
public sealed record SweepPlanDocument(string Recipe, ImmutableArray<SweepPlanDocument.Point> Points, long DiskBytes)
{
    [JsonPropertyOrder(-1)]
    public string Schema => "seer/sweep-plan@1";

    public static SweepPlanDocument Of(SweepPlan plan, IReadOnlyDictionary<string, string> reused) => new(
        plan.File.Name,
        [.. plan.Points.Select(point => new Point(point.Name, point.Point.Settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal), PlanDocument.Of(point.Plan, point.Plan.Stages.Where(stage => reused.ContainsKey(stage.Key)).ToDictionary(stage => stage.Id, stage => reused[stage.Key], StringComparer.Ordinal))))],
        plan.DiskBytes);

    /// <summary>One point of it.</summary>
    public sealed record Point(string Name, IReadOnlyDictionary<string, string> Settings, PlanDocument Plan);
}
