using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Running;

/// <summary>What was decided and cut.</summary>
public sealed record PruneResult(PrunePlan Plan) : StageResult;

/// <summary>Statistics, or a plan file -> prune-plan.json and, unless the cut is masked, the pruned checkpoint, which stays whatever comes after.</summary>
public sealed class PruneStage(PruneStep step) : IStage
{
    public const string PlanName = "prune-plan.json";

    public void Run(StageContext context)
    {
        using var checkpoint = context.OpenNewest();
        var plan = step.Plan is { } path ? PrunePlanFile.Read(context.Plan.File.Resolve(path)) : Decide(context, checkpoint);
        PrunePlanFile.Write(Path.Combine(context.Folder, PlanName), plan);
        var isWritten = context.Save is not null && Directory.Exists(context.OutputCheckpoint);
        if (!context.Recipe.IsMasked && !isWritten)
        {
            CheckpointPruner.Prune(checkpoint, plan, context.OutputCheckpoint, context.Interrupted, context.Save);
        }
    }

    public StageResult Read(StageContext context) => new PruneResult(PrunePlanFile.Read(Path.Combine(context.Folder, PlanName)));

    /// <param name="run">That the step is part of.</param>
    /// <param name="statistics">Of the checkpoint that is to be cut.</param>
    /// <param name="shape">Of the same.</param>
    /// <exception cref="InputException">The budget can't be met.</exception>
    internal static PrunePlan Decide(RunPlan run, PruneStep step, ExpertStatistics statistics, MoeShape shape)
    {
        var seed = run.Recipe.Seed;
        var plan = PrunePlanner.Plan(statistics, step.Criterion.On(statistics, seed), step.Scope, RoundBudget.Of(step, run.Recipe.Rounds, run.Model.Shape), step.MinExperts, seed, PruneLimits.Of(shape));
        PruneChecks.RefuseNoOp(plan);
        return plan;
    }

    private PrunePlan Decide(StageContext context, Checkpoint checkpoint)
    {
        var folder = context.FolderOf(CountStep.Key)!;
        var statistics = StatisticsFile.Read(folder);
        PruneChecks.RefuseOtherCheckpoint(statistics, checkpoint, folder);
        return Decide(context.Plan, step, statistics, ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config));
    }
}
