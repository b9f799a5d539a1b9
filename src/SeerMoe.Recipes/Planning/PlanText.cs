using System.Globalization;
using System.Text;

namespace SeerMoe.Recipes.Planning;

/// <summary>A plan as a person reads it.</summary>
public static class PlanText
{
    private const int KeyDigits = 12;

    /// <summary>Lines of plain text, the same for the same plan.</summary>
    public static string Of(RunPlan plan)
    {
        var text = new StringBuilder();
        var (model, shape, environment) = (plan.Model, plan.Model.Shape, plan.Environment);
        text.Append($"{plan.Recipe.Name}, seed {plan.Recipe.Seed}, on {environment.Device} in {environment.Dtype}\n");
        text.Append($"model {plan.Recipe.Model}: {model.Architecture}, {shape.MoeLayers.Length} of {shape.Layers} layers with {Experts(shape.Experts)} experts, top-{shape.TopK}, {Grouped(model.Footprint.Parameters)} parameters, {Grouped(model.Footprint.Bytes)} bytes\n");

        text.Append("\nstages\n");
        foreach (var stage in plan.Stages)
        {
            text.Append($"  {stage.Folder,-12}  {stage.Does}\n");
            text.Append($"  {"",-12}  key {stage.Key[..KeyDigits]}{(stage.DiskBytes > 0 ? $", writes about {Grouped(stage.DiskBytes)} bytes" : "")}\n");
        }

        text.Append("\ninputs\n");
        foreach (var input in plan.Inputs.Select(input => input.File))
        {
            text.Append($"  {input.Sha256[..KeyDigits]}  {Grouped(input.Bytes),15}  {input.Path}\n");
        }

        return text.Append($"\nall in all about {Grouped(plan.DiskBytes)} bytes of disk\n").ToString();
    }

    // "8", or "4 to 8" where layers differ
    private static string Experts(IReadOnlyCollection<int> experts) =>
        experts.Min() == experts.Max() ? $"{experts.Max()}" : $"{experts.Min()} to {experts.Max()}";

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
