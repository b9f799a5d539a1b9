using System.Globalization;
using System.Text;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>The plan of a sweep as a person reads it: the points, and which stages they share.</summary>
public static class SweepPlanText
{
    private const int KeyDigits = 12;

    /// <summary>Lines of plain text, the same for the same plan.</summary>
    public static string Of(SweepPlan plan)
    {
        var (text, seen) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal));
        var environment = plan.Points[0].Plan.Environment;
        text.Append($"{plan.File.Name}: a sweep of {plan.Points.Length} points, on {environment.Device} in {environment.Dtype}\n");
        foreach (var point in plan.Points)
        {
            text.Append($"\n{point.Name}  {point.Point}\n");
            foreach (var stage in point.Plan.Stages)
            {
                text.Append($"  {stage.Folder,-12}  key {stage.Key[..KeyDigits]}  {(seen.Add(stage.Key) ? stage.Does : "the same as above")}\n");
            }
        }

        return text.Append($"\nall in all about {plan.DiskBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes of disk\n").ToString();
    }
}
