using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Locking;

/// <summary>What the lock of a run will say, as far as its plan knows: all but what comes out.</summary>
public static class ExpectedLock
{
    public static RunLock Of(RunPlan plan) => new(
        new FrozenRecipe(plan.Recipe).Digest,
        plan.Recipe.Seed,
        plan.Environment,
        [.. plan.Inputs.Select(input => input.File)],
        [.. plan.Stages.Select(stage => new StageLock(stage.Id, stage.Key, stage.Options, stage.Inputs, Outputs: []))]);

    /// <summary>Whether a run with this lock did what the plan says.</summary>
    public static bool IsMetBy(RunLock runLock, RunPlan plan) => SeerJson.Text(WithoutOutputs(runLock)) == SeerJson.Text(Of(plan));

    private static RunLock WithoutOutputs(RunLock runLock) => runLock with { Stages = [.. runLock.Stages.Select(stage => stage with { Outputs = [] })] };
}
