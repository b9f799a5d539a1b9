using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Running;

/// <summary>Masks under which evaluate stages score the model itself: what a plan drops whose cut is masked, and the random controls.</summary>
internal static class StageMasks
{
    /// <summary>As many experts as the prune stage drops, drawn by the seeds after the recipe's; masked, which is the same as cut.</summary>
    public static IEnumerable<PrunePlan> Random(RunPlan plan, EvaluateStep step) => Enumerable
        .Range(1, step.Compare.Contains(Comparison.Random) ? step.RandomSeeds : 0)
        .Select(i => BlankStatistics.RandomPlan(plan.Recipe.Step<PruneStep>()!, plan.Model.Architecture, plan.Model.Shape, plan.Recipe.Seed + i));

    /// <summary>
    /// All that the points of the sweep will ask for which measure in the same way as the one at work, plans first. A plan that follows
    /// from another count is not known yet.
    /// </summary>
    public static IEnumerable<PrunePlan> OfPoints(StageContext context, SharedResults shared)
    {
        var points = shared.Points
            .Select(point => (Plan: point, Stage: point.Stages.LastOrDefault(stage => stage.Step is EvaluateStep)))
            .Where(point => point.Stage is not null && shared.AreAlike((context.Plan, context.Stage), (point.Plan, point.Stage)))
            .Select(point => (point.Plan, Step: (EvaluateStep)point.Stage!.Step))
            .ToList();
        var counted = context.FolderOf(CountStep.Key) is { } folder ? StatisticsFile.Read(folder) : null;
        foreach (var mask in points.SelectMany(point => Decided(point.Plan, context, counted)).Concat(points.SelectMany(point => Random(point.Plan, point.Step))))
        {
            yield return mask;
        }
    }

    /// <summary>"0: 1 2 5; 1: 0 3": which experts stay.</summary>
    public static string Text(PrunePlan mask) => string.Join("; ", mask.Layers.Select(layer => $"{layer.Layer}: {string.Join(' ', layer.Survivors)}"));

    private static PrunePlan[] Decided(RunPlan plan, StageContext context, ExpertStatistics? counted)
    {
        if (!plan.Recipe.IsMasked)
        {
            return [];
        }

        try
        {
            return plan.Recipe.Step<PruneStep>() switch
            {
                { Plan: { } path } => [PrunePlanFile.Read(plan.File.Resolve(path))],
                { } step when counted is not null && CountKey(plan) == CountKey(context.Plan) => [PruneStage.Decide(plan, step, counted, plan.Model.Shape)],
                _ => [],
            };
        }
        catch (InputException)
        {
            return []; // the point itself will say so
        }
    }

    private static string? CountKey(RunPlan plan) => plan.Stages.FirstOrDefault(stage => stage.Step is CountStep)?.Key;
}
