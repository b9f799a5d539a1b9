using System.Collections.Immutable;
using System.Diagnostics;
using SeerMoe.Digests;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Running;

/// <summary>Which stage does a step, and what the stages of a run found out.</summary>
internal static class StageResults
{
    public static IStage StageOf(Step step) => step switch
    {
        CountStep count => new CountStage(count),
        PruneStep prune => new PruneStage(prune),
        RegularizeStep regularize => new RegularizeStage(regularize),
        EvaluateStep evaluate => new EvaluateStage(evaluate),
        _ => throw new UnreachableException(),
    };

    /// <summary>Read from the folders of a run whose stages are all done.</summary>
    public static ImmutableArray<StageResult> Of(RunPlan plan, string runFolder, DigestCache digests) =>
        [.. plan.Stages.Select(stage => StageOf(stage.Step).Read(new StageContext(plan, stage, runFolder, Path.Combine(runFolder, stage.Folder), digests)))];
}
