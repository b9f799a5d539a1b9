using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SeerMoe.Recipes.Costs;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Recipes.Planning;

/// <summary>A plan as a person reads it.</summary>
public static class PlanText
{
    private const int KeyDigits = 12;
    private const double MiB = 1 << 20;
    private const double SecondsAnHour = 3600;

    // Sustained, 10^12 operations a second.
    private const double UsualOfCpu = 0.1;
    private const double UsualOfDevice = 100;

    /// <summary>Lines of plain text, the same for the same plan.</summary>
    /// <param name="plan">What would be done.</param>
    /// <param name="reused">Stages that were done before: by id, where; null for none.</param>
    /// <param name="teraflops">The rate that times are told for; null is usual for the device.</param>
    public static string Of(RunPlan plan, IReadOnlyDictionary<string, string>? reused = null, double? teraflops = null)
    {
        var rate = teraflops ?? (plan.Environment.Device == "cpu" ? UsualOfCpu : UsualOfDevice);
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

        text.Append(CultureInfo.InvariantCulture, $"\nestimates; times at {rate} TFLOP/s (--tflops), where the number of tokens is known without reading the data\n");
        return text.Append($"all in all about {Grouped(plan.Stages.Where(stage => !reused.ContainsKey(stage.Id)).Sum(stage => stage.DiskBytes))} bytes of disk\n").ToString();

        string Cost(PlannedStage stage) =>
            reused.TryGetValue(stage.Id, out var from) ? $", reused from {from}"
            : string.Concat(Costs(stage.Cost).Select(cost => $", {cost}"));

        IEnumerable<string> Costs(StageCost cost)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{cost.MemoryBytes / MiB:N0} MiB of memory{(cost.Residence == Residence.Streamed ? ", streamed" : "")}");
            if (cost.DiskBytes > 0)
            {
                yield return $"{Grouped(cost.DiskBytes)} bytes of disk";
            }

            if (cost.Hours(rate) is > 0 and var hours)
            {
                yield return DurationText.About(hours * SecondsAnHour);
            }
        }
    }

    // "8", or "4 to 8" where layers differ
    private static string Experts(IReadOnlyCollection<int> experts) =>
        experts.Min() == experts.Max() ? $"{experts.Max()}" : $"{experts.Min()} to {experts.Max()}";

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
