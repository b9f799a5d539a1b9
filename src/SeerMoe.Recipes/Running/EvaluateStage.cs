using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>What was measured, neighbours included.</summary>
public sealed record EvaluateResult(EvaluationReport Report) : StageResult;

/// <summary>The newest checkpoint and its neighbours -> evaluation.json.</summary>
public sealed class EvaluateStage(EvaluateStep step) : IStage
{
    public void Run(StageContext context)
    {
        using var model = Checkpoint.Open(context.Plan.Model.Folder);
        using var newest = context.OpenNewest();
        using var work = new EvaluationWork(context, step, model);
        var mask = step.Cut == Cut.Masked ? PrunePlanFile.Read(Path.Combine(context.FolderOf(PruneStep.Key)!, PruneStage.PlanName)) : null;
        var full = step.Compare.Contains(Comparison.Base) ? work.Base() : null;
        var evaluation = work.Of(ModelNames.Newest(context.Recipe), newest, mask);
        var neighbours = new Neighbours
        {
            Full = full,
            Random = step.Compare.Contains(Comparison.Random) ? RandomControl.Of([.. StageMasks.Random(context.Plan, step).Select(EvaluateRandom)]) : null,
            Pruned = PrunedOnly(context, checkpoint => work.Of(ModelNames.Pruned, checkpoint)),
        };

        var report = new EvaluationReport(evaluation, neighbours.AreNone ? null : neighbours);
        report.Write(Path.Combine(context.Folder, EvaluationReport.FileName));

        RandomRun EvaluateRandom(PrunePlan plan, int index) => new(plan.Seed!.Value, work.Of(ModelNames.Random(index + 1, step.RandomSeeds), model, plan));
    }

    public StageResult Read(StageContext context) => new EvaluateResult(EvaluationReport.Read(Path.Combine(context.Folder, EvaluationReport.FileName)));

    /// <summary>A regularized model is always shown beside the pruned one it was made from.</summary>
    private static EvaluationResult? PrunedOnly(StageContext context, Func<Checkpoint, EvaluationResult> evaluate)
    {
        if (context.CheckpointOf(RegularizeStep.Key) is null || context.CheckpointOf(PruneStep.Key) is not { } pruned)
        {
            return null;
        }

        using var checkpoint = Checkpoint.Open(pruned);
        return evaluate(checkpoint);
    }
}
