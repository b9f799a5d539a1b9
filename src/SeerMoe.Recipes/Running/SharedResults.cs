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
    private const string BaseSuffix = ".base";

    /// <summary>Statistics, in folders named by key.</summary>
    public string Counts => Path.Combine(folder, "counts");

    /// <summary>Where the statistics of a count stage are; null where they were not counted yet.</summary>
    public string? Counted(PlannedStage count) => Path.Combine(Counts, count.ShortKey) is var counted && Directory.Exists(counted) ? counted : null;

    private string Evaluations => Path.Combine(folder, "evaluations");

    /// <summary>The same numbers again where the same model was measured in the same way with the same experts masked, else <paramref name="measure"/>.</summary>
    public EvaluationResult Evaluated(RunPlan plan, PlannedStage stage, PrunePlan? mask, Func<EvaluationResult> measure)
    {
        var path = PathOf(plan, stage, mask) + ".json";
        if (File.Exists(path))
        {
            return EvaluationReport.Read(path).Evaluation;
        }

        var measured = measure();
        Write(path, measured);
        return measured;
    }

    /// <summary>The full model's numbers and what it said, again where another point measured it.</summary>
    /// <param name="own">Where it is put first, and stays if another point is done earlier.</param>
    /// <param name="measure">Measures it, and keeps what it says in the record given.</param>
    public (EvaluationResult Result, BaseRecord Record) Base(RunPlan plan, PlannedStage stage, BaseRecord own, Func<BaseRecord, EvaluationResult> measure)
    {
        var path = PathOf(plan, stage, mask: null);
        var record = new BaseRecord(path + BaseSuffix);
        if (record.IsWhole && File.Exists(path + ".json"))
        {
            return (EvaluationReport.Read(path + ".json").Evaluation, record);
        }

        var measured = measure(own);
        Write(path + ".json", measured);
        return (measured, own.MoveTo(path + BaseSuffix));
    }

    /// <summary>What the full model said is of use to points only.</summary>
    public void Clear()
    {
        foreach (var record in Directory.Exists(Evaluations) ? Directory.GetDirectories(Evaluations, $"*{BaseSuffix}") : [])
        {
            Directory.Delete(record, recursive: true);
        }
    }

    private static void Write(string path, EvaluationResult measured)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new EvaluationReport(measured, Neighbours: null).Write(path);
    }

    // As of a stage that has no other neighbours and goes by no other stage than the survivors themselves.
    private string PathOf(RunPlan plan, PlannedStage stage, PrunePlan? mask)
    {
        var step = (EvaluateStep)stage.Step;
        ValueList<Comparison> compare = mask is not null && step.Compare.Contains(Comparison.Base) ? [Comparison.Base] : [];
        var options = StageOptions.Of(plan.Recipe, step with { Compare = compare, Cut = Cut.Written });
        options["mask"] = mask is null ? null : string.Join("; ", mask.Layers.Select(layer => $"{layer.Layer}: {string.Join(' ', layer.Survivors)}"));
        string[] stages = [.. plan.Stages.Select(earlier => earlier.Id)];
        return Path.Combine(Evaluations, StageKey.Of("evaluation", options, stage.Inputs.Where(input => !stages.Contains(input.Name)), plan.Environment)[..16]);
    }
}
