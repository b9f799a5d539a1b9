using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace SeerMoe.Recipes.Planning;

/// <summary>A plan as a person reads it.</summary>
public static class PlanText
{
    private const int KeyDigits = 12;

    /// <summary>Lines of plain text, the same for the same plan.</summary>
    /// <param name="plan">What would be done.</param>
    /// <param name="reused">Stages that were done before: by id, where; null for none.</param>
    public static string Of(RunPlan plan, IReadOnlyDictionary<string, string>? reused = null)
    {
        reused ??= ImmutableDictionary<string, string>.Empty;
        var text = new StringBuilder();
        var (model, shape, environment) = (plan.Model, plan.Model.Shape, plan.Environment);
        text.Append($"{plan.Recipe.Name}, seed {plan.Recipe.Seed}, on {environment.Device} in {environment.Dtype}\n");
        text.Append($"model {plan.Recipe.Model}: {model.Architecture}, {shape.MoeLayers.Length} of {shape.Layers} layers with {Experts(shape.Experts)} experts, top-{shape.TopK}, {Grouped(model.Footprint.Parameters)} parameters, {Grouped(model.Footprint.Bytes)} bytes\n");

        text.Append("\nstages\n");
        foreach (var stage in plan.Stages)
        {
            text.Append($"  {stage.Folder,-12}  {stage.Does}\n");
            text.Append($"  {"",-12}  key {stage.Key[..KeyDigits]}{Cost(stage)}\n");
        }

        text.Append("\ninputs\n");
        foreach (var input in plan.Inputs.Select(input => input.File))
        {
            text.Append($"  {input.Sha256[..KeyDigits]}  {Grouped(input.Bytes),15}  {input.Path}\n");
        }

        return text.Append($"\nall in all about {Grouped(plan.Stages.Where(stage => !reused.ContainsKey(stage.Id)).Sum(stage => stage.DiskBytes))} bytes of disk\n").ToString();

        string Cost(PlannedStage stage) =>
            reused.TryGetValue(stage.Id, out var from) ? $", reused from {from}"
            : stage.DiskBytes > 0 ? $", writes about {Grouped(stage.DiskBytes)} bytes"
            : "";
    }

    // "8", or "4 to 8" where layers differ
    private static string Experts(IReadOnlyCollection<int> experts) =>
        experts.Min() == experts.Max() ? $"{experts.Max()}" : $"{experts.Min()} to {experts.Max()}";

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
