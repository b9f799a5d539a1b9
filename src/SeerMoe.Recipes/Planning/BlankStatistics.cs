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
    /// <summary>As many experts as the step drops, drawn by <paramref name="seed"/>.</summary>
    /// <exception cref="InputException">The budget can't be met.</exception>
    public static PrunePlan RandomPlan(PruneStep step, string architecture, MoeShape shape, long seed) =>
        PrunePlanner.Plan(Of(architecture, shape), new RandomExperts(seed), step.Scope, BudgetOf(step), step.MinExperts, seed, PruneLimits.Of(shape));

    /// <summary>The budget of a step that has no plan file.</summary>
    public static PruneBudget BudgetOf(PruneStep step) => step.Keep is { } keep ? PruneBudget.OfKeep(keep) : PruneBudget.OfRatio(step.Ratio!.Value);

    private static ExpertStatistics Of(string architecture, MoeShape shape) => new(
        architecture,
        Checkpoint: "",
        Tokens: 0,
        Sequences: 0,
        shape.TopK,
        [.. shape.MoeLayers.Select((layer, i) => new LayerStatistics(layer, shape.Experts[i]))]);
}
