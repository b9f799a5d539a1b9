using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Saving;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>What was measured, neighbours included.</summary>
public sealed record EvaluateResult(EvaluationReport Report) : StageResult;

/// <summary>The newest checkpoint and its neighbours -> evaluation.json.</summary>
public sealed class EvaluateStage(EvaluateStep step) : IStage
{
    public void Run(StageContext context)
    {
        var tasks = step.Tasks.Select(task => PlannedTasks.Of(context.Plan.File, task)).ToList();
        var models = 0;
        EvaluationResult Evaluate(string name, Checkpoint checkpoint, PrunePlan? mask = null)
        {
            var save = context.Save?.Part($"{++models}");
            return context.Shared is { } shared && checkpoint.Folder == context.Plan.Model.Folder
                ? shared.Evaluated(context.Plan, context.Stage, mask, () => Measure(name, checkpoint, mask, save))
                : Measure(name, checkpoint, mask, save);
        }

        EvaluationResult Measure(string name, Checkpoint checkpoint, PrunePlan? mask, SavePoint? save)
        {
            var saved = save?.PathOf(EvaluationReport.FileName);
            if (File.Exists(saved))
            {
                return SeerJson.Read<EvaluationResult>(saved, "Run the recipe again without --resume.");
            }

            var progress = context.Progress is { } inner ? new NamedProgress(inner, what => $"{what}, {name}") : null;
            var result = Evaluating.Evaluate(checkpoint, tasks, mask, step.Options, context.Plan.Compute, progress, save: save);
            if (saved is not null)
            {
                SeerJson.Write(saved, result);
            }

            return result;
        }

        RandomRun EvaluateRandom(Checkpoint checkpoint, PrunePlan plan, int index) =>
            new(plan.Seed!.Value, Evaluate(ModelNames.Random(index + 1, step.RandomSeeds), checkpoint, plan));

        using var newest = context.OpenNewest();
        var mask = step.Cut == Cut.Masked ? PrunePlanFile.Read(Path.Combine(context.FolderOf(PruneStep.Key)!, PruneStage.PlanName)) : null;
        var evaluation = Evaluate(ModelNames.Newest(context.Recipe), newest, mask);
        using var model = Checkpoint.Open(context.Plan.Model.Folder);
        var neighbours = new Neighbours
        {
            Full = step.Compare.Contains(Comparison.Base) ? Evaluate(ModelNames.Full, model) : null,
            Random = step.Compare.Contains(Comparison.Random) ? RandomControl.Of([.. RandomPlans(context).Select((plan, index) => EvaluateRandom(model, plan, index))]) : null,
            Pruned = PrunedOnly(context, checkpoint => Evaluate(ModelNames.Pruned, checkpoint)),
        };

        var report = new EvaluationReport(evaluation, neighbours.AreNone ? null : neighbours);
        report.Write(Path.Combine(context.Folder, EvaluationReport.FileName));
    }

    public StageResult Read(StageContext context) => new EvaluateResult(EvaluationReport.Read(Path.Combine(context.Folder, EvaluationReport.FileName)));

    /// <summary>As many experts as the prune stage dropped, drawn by the seeds after the recipe's; masked, which is the same as cut.</summary>
    private IEnumerable<PrunePlan> RandomPlans(StageContext context)
    {
        var (prune, model) = (context.Recipe.Step<PruneStep>()!, context.Plan.Model);
        return Enumerable.Range(1, step.RandomSeeds).Select(i => BlankStatistics.RandomPlan(prune, model.Architecture, model.Shape, context.Recipe.Seed + i));
    }

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
