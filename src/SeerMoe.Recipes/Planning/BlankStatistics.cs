using SeerMoe.Architectures;
using SeerMoe.Experts;
using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Planning;

/// <summary>
/// Statistics of a shape with nothing counted yet: how many experts a budget leaves does not depend on which are hot, so the
/// planner's own arithmetic can be asked before any count, and so can a random control.
/// </summary>
public static class BlankStatistics
{
    /// <summary>As many experts as the step drops in all rounds, drawn by <paramref name="seed"/>.</summary>
    /// <exception cref="InputException">The budget can't be met.</exception>
    public static PrunePlan RandomPlan(PruneStep step, string architecture, MoeShape shape, long seed) =>
        RandomPlan(step with { Round = 1 }, rounds: 1, architecture, shape, seed);

    /// <summary>As many experts as the step drops up to its round.</summary>
    /// <exception cref="InputException">The budget can't be met.</exception>
    public static PrunePlan RandomPlan(PruneStep step, int rounds, string architecture, MoeShape shape, long seed) =>
        PrunePlanner.Plan(Of(architecture, shape), new RandomExperts(seed), step.Scope, RoundBudget.Of(step, rounds, shape), step.MinExperts, seed, PruneLimits.Of(shape));

    private static ExpertStatistics Of(string architecture, MoeShape shape) => new(
        architecture,
        Checkpoint: "",
        Tokens: 0,
        Sequences: 0,
        shape.TopK,
        [.. shape.MoeLayers.Select((layer, i) => new LayerStatistics(layer, shape.Experts[i]))]);
}
