using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>Statistics + criterion + scope + budget -> plan. A pure function; plans of one criterion are nested over ratios.</summary>
/// <example>
/// Scope global, 5 of 8 experts to keep, a floor of 2 a layer. First each layer's best two are safe, then the rest of the
/// budget (5 - 4 = 1) goes by rank among all the others, so layer 1 lives on although most of layer 0 scores higher:
/// <code>
///            expert 0   1   2   3        safe       by rank      survivors
/// layer 0           9   7   8   6        0 2        1 (7)        0 1 2
/// layer 1           1   4   2   3        1 3                     1 3
/// </code>
/// Of equal scores the lower layer, then the lower expert survives.
/// </example>
public static class PrunePlanner
{
    /// <param name="statistics">What was counted.</param>
    /// <param name="criterion">Scores the experts; see <see cref="CriterionCatalog"/>.</param>
    /// <param name="scope">Who competes with whom.</param>
    /// <param name="budget">How many stay.</param>
    /// <param name="minExperts">No layer is cut below this; 0 means top-K.</param>
    /// <param name="seed">Written into the plan.</param>
    /// <exception cref="InputException">The floor is below top-K, or the budget is below the floor.</exception>
    public static PrunePlan Plan(ExpertStatistics statistics, ICriterion criterion, Scope scope, PruneBudget budget, int minExperts, long seed)
    {
        var floor = Floor(minExperts, statistics.TopK);
        var scores = statistics.Layers.Select(layer => Scores(criterion, layer)).ToArray();
        var survivors = scope == Scope.Layer
            ? BestOfEachLayer(statistics, scores, budget, floor)
            : BestOfAll(statistics, scores, budget, floor);

        return new PrunePlan(criterion.Name, scope.Name(), budget.Ratio, budget.Keep, seed,
        [
            .. statistics.Layers.Select((layer, l) => new LayerPlan(layer.Layer, layer.Experts, [.. survivors[l].Order()], [.. scores[l]])),
        ]);
    }

    private static IEnumerable<int>[] BestOfEachLayer(ExpertStatistics statistics, double[][] scores, PruneBudget budget, int floor)
    {
        return [.. statistics.Layers.Select((layer, l) =>
        {
            var keep = budget.SurvivorsOf(layer.Experts, $"layer {layer.Layer}");
            return keep >= Math.Min(floor, layer.Experts)
                ? Ranked(scores[l]).Take(keep)
                : throw new InputException(
                    $"The budget leaves {keep} of {layer.Experts} experts in layer {layer.Layer}, fewer than {FloorText(floor, statistics.TopK)}.",
                    "budget",
                    $"Keep at least {floor} in every layer.");
        })];
    }

    private static IEnumerable<int>[] BestOfAll(ExpertStatistics statistics, double[][] scores, PruneBudget budget, int floor)
    {
        var keep = budget.SurvivorsOf(statistics.Layers.Sum(layer => layer.Experts), "the model");
        var survivors = scores.Select(ofLayer => Ranked(ofLayer).Take(floor).ToList()).ToArray();
        var safe = survivors.Sum(ofLayer => ofLayer.Count);
        if (keep < safe)
        {
            throw new InputException(
                $"The budget leaves {keep} experts in all, fewer than the {safe} that {scores.Length} layers need: {FloorText(floor, statistics.TopK)} in each.",
                "budget",
                $"Keep at least {safe} in all.");
        }

        var others = scores
            .SelectMany((ofLayer, l) => Ranked(ofLayer).Skip(floor).Select(expert => (Layer: l, Expert: expert, Score: ofLayer[expert])))
            .OrderByDescending(other => other.Score).ThenBy(other => other.Layer).ThenBy(other => other.Expert);
        foreach (var (layer, expert, _) in others.Take(keep - safe))
        {
            survivors[layer].Add(expert);
        }

        return survivors;
    }

    /// <summary>Expert numbers, best first.</summary>
    private static IEnumerable<int> Ranked(double[] scores) =>
        Enumerable.Range(0, scores.Length).OrderByDescending(expert => scores[expert]).ThenBy(expert => expert);

    private static double[] Scores(ICriterion criterion, LayerStatistics layer)
    {
        var scores = criterion.Scores(layer);
        var bad = Array.FindIndex(scores, score => !double.IsFinite(score));
        return bad < 0
            ? scores
            : throw new InvalidOperationException($"Criterion {criterion.Name} scores expert {bad} of layer {layer.Layer} as {scores[bad]}.");
    }

    private static int Floor(int minExperts, int topK)
    {
        if (minExperts == 0)
        {
            return topK;
        }

        return minExperts >= topK
            ? minExperts
            : throw new InputException(
                $"A floor of {minExperts} experts a layer is below the {topK} that every token is sent to (top-K).",
                "min_experts",
                $"Give at least {topK}, or 0 for just that.");
    }

    private static string FloorText(int floor, int topK) =>
        floor == topK ? $"the {topK} that every token is sent to (top-K)" : $"the floor of {floor}";
}
