using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// What the points of a sweep have in common, found out once: statistics, and what is measured on the model itself (the full
/// model, random controls, masked cuts).
/// </summary>
/// <param name="folder">Of the sweep.</param>
public sealed class SharedResults(string folder)
{
    /// <summary>Statistics, in folders named by key.</summary>
    public string Counts => Path.Combine(folder, "counts");

    /// <summary>Where the statistics of a count stage are; null where they were not counted yet.</summary>
    public string? Counted(PlannedStage count) => Path.Combine(Counts, count.ShortKey) is var counted && Directory.Exists(counted) ? counted : null;

    /// <summary>The same numbers again where the same model was measured in the same way with the same experts masked, else <paramref name="measure"/>.</summary>
    public EvaluationResult Evaluated(RunPlan plan, PlannedStage stage, PrunePlan? mask, Func<EvaluationResult> measure)
    {
        var path = Path.Combine(folder, "evaluations", $"{KeyOf(plan, stage, mask)[..16]}.json");
        if (File.Exists(path))
        {
            return EvaluationReport.Read(path).Evaluation;
        }

        var measured = measure();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new EvaluationReport(measured, Neighbours: null).Write(path);
        return measured;
    }

    // As of a stage that has no other neighbours and goes by no other stage than the survivors themselves.
    private static string KeyOf(RunPlan plan, PlannedStage stage, PrunePlan? mask)
    {
        var options = StageOptions.Of(plan.Recipe, (EvaluateStep)stage.Step with { Compare = [], Cut = Cut.Written });
        options["mask"] = mask is null ? null : string.Join("; ", mask.Layers.Select(layer => $"{layer.Layer}: {string.Join(' ', layer.Survivors)}"));
        string[] stages = [.. plan.Stages.Select(earlier => earlier.Id)];
        return StageKey.Of("evaluation", options, stage.Inputs.Where(input => !stages.Contains(input.Name)), plan.Environment);
    }
}
