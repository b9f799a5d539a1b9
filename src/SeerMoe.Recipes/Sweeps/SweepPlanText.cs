using System.Globalization;
using System.Text;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>The plan of a sweep as a person reads it: the points, and which stages they share.</summary>
public static class SweepPlanText
{
    private const int KeyDigits = 12;

    /// <summary>Lines of plain text, the same for the same plan.</summary>
    /// <param name="plan">What would be done.</param>
    /// <param name="reused">Stages that were done before: by key, where; null for none.</param>
    public static string Of(SweepPlan plan, IReadOnlyDictionary<string, string>? reused = null)
    {
        var (text, seen) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal));
        var environment = plan.Points[0].Plan.Environment;
        text.Append($"{plan.File.Name}: a sweep of {plan.Points.Length} points, on {environment.Device} in {environment.Dtype}\n");
        foreach (var point in plan.Points)
        {
            text.Append($"\n{point.Name}  {point.Point}\n");
            foreach (var stage in point.Plan.Stages)
            {
                text.Append($"  {stage.Folder,-12}  key {stage.Key[..KeyDigits]}  {Does(stage)}\n");
            }
        }

        return text.Append($"\nall in all about {plan.DiskBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes of disk\n").ToString();

        string Does(PlannedStage stage) =>
            !seen.Add(stage.Key) ? "the same as above"
            : reused?.TryGetValue(stage.Key, out var from) == true ? $"reused from {from}"
            : stage.Does;
    }
}
