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
/// Where experts stand in groups (<see cref="PruneLimits"/>), those of one rank in each group live or die together, by their mean score:
/// <code>
/// groups           0 1 | 2 3
/// scores           9 2 | 4 5        first rank 0 and 3 (7), second rank 1 and 2 (3)
/// </code>
/// </example>
public static class PrunePlanner
{
    /// <param name="statistics">What was counted.</param>
    /// <param name="criterion">Scores the experts; see <see cref="CriterionCatalog"/>.</param>
    /// <param name="scope">Who competes with whom.</param>
    /// <param name="budget">How many stay.</param>
    /// <param name="minExperts">No layer is cut below this; 0 means top-K.</param>
    /// <param name="seed">Written into the plan.</param>
    /// <param name="limits">What the router asks of a layer; null for a router without groups.</param>
    /// <exception cref="InputException">The floor is below top-K, or the budget is below the floor or uneven over the groups.</exception>
    public static PrunePlan Plan(
        ExpertStatistics statistics, ICriterion criterion, Scope scope, PruneBudget budget, int minExperts, long seed, PruneLimits? limits = null)
    {
        limits ??= new PruneLimits(Groups: 1, statistics.TopK);
        var floor = Floor(minExperts, statistics.TopK, limits);
        var scores = statistics.Layers.Select(layer => Scores(criterion, layer)).ToArray();
        var ranks = scores.Select(ofLayer => Rank.Of(ofLayer, limits.Groups)).ToArray();
        var survivors = scope == Scope.Layer
            ? BestOfEachLayer(statistics, ranks, budget, floor, limits)
            : BestOfAll(statistics, ranks, budget, floor, limits);

        return new PrunePlan(criterion.Name, scope.Name(), budget.Ratio, budget.Keep, seed,
        [
            .. statistics.Layers.Select((layer, l) => new LayerPlan(layer.Layer, layer.Experts, [.. survivors[l].SelectMany(rank => rank.Experts).Order()], [.. scores[l]])),
        ]);
    }

    private static List<Rank>[] BestOfEachLayer(ExpertStatistics statistics, Rank[][] ranks, PruneBudget budget, int floor, PruneLimits limits)
    {
        return [.. statistics.Layers.Select((layer, l) =>
        {
            var keep = budget.SurvivorsOf(layer.Experts, $"layer {layer.Layer}");
            return keep >= Math.Min(floor, layer.Experts)
                ? ranks[l].Take(RanksOf(keep, budget, limits)).ToList()
                : throw new InputException(
                    $"The budget leaves {keep} of {layer.Experts} experts in layer {layer.Layer}, fewer than {FloorText(floor, statistics.TopK, limits)}.",
                    "budget",
                    $"Keep at least {floor} in every layer.");
        })];
    }

    private static List<Rank>[] BestOfAll(ExpertStatistics statistics, Rank[][] ranks, PruneBudget budget, int floor, PruneLimits limits)
    {
        var keep = budget.SurvivorsOf(statistics.Layers.Sum(layer => layer.Experts), "the model");
        var survivors = ranks.Select(ofLayer => ofLayer.Take(floor / limits.Groups).ToList()).ToArray();
        var safe = survivors.Sum(ofLayer => ofLayer.Count * limits.Groups);
        if (keep < safe)
        {
            throw new InputException(
                $"The budget leaves {keep} experts in all, fewer than the {safe} that {ranks.Length} layers need: {FloorText(floor, statistics.TopK, limits)} in each.",
                "budget",
                $"Keep at least {safe} in all.");
        }

        var others = ranks
            .SelectMany((ofLayer, l) => ofLayer.Skip(survivors[l].Count).Select((rank, r) => (Layer: l, Index: r, Rank: rank)))
            .OrderByDescending(other => other.Rank.Score).ThenBy(other => other.Layer).ThenBy(other => other.Index);
        foreach (var (layer, _, rank) in others.Take(RanksOf(keep - safe, budget, limits)))
        {
            survivors[layer].Add(rank);
        }

        return survivors;
    }

    /// <summary>Whole ranks for a number of experts: a ratio never drops more than was asked, a number to keep must be even.</summary>
    private static int RanksOf(int experts, PruneBudget budget, PruneLimits limits) => budget.Keep is null || experts % limits.Groups == 0
        ? (experts + limits.Groups - 1) / limits.Groups
        : throw new InputException(
            $"{budget.Keep} experts can't be kept evenly in {limits.Groups} groups.",
            "keep",
            $"Keep a multiple of {limits.Groups}, or give a ratio: the router divides what is left evenly.");

    private static double[] Scores(ICriterion criterion, LayerStatistics layer)
    {
        var scores = criterion.Scores(layer);
        var bad = Array.FindIndex(scores, score => !double.IsFinite(score));
        return bad < 0
            ? scores
            : throw new InvalidOperationException($"Criterion {criterion.Name} scores expert {bad} of layer {layer.Layer} as {scores[bad]}.");
    }

    private static int Floor(int minExperts, int topK, PruneLimits limits)
    {
        if (minExperts == 0)
        {
            return limits.LeastExperts;
        }

        return minExperts >= topK
            ? Math.Max(limits.LeastExperts, (minExperts + limits.Groups - 1) / limits.Groups * limits.Groups)
            : throw new InputException(
                $"A floor of {minExperts} experts a layer is below the {topK} that every token is sent to (top-K).",
                "min_experts",
                $"Give at least {topK}, or 0 for just that.");
    }

    private static string FloorText(int floor, int topK, PruneLimits limits) =>
        floor == topK ? $"the {topK} that every token is sent to (top-K)"
        : floor == limits.LeastExperts ? $"the {floor} that its router needs{(limits.Groups > 1 ? $" in {limits.Groups} groups" : "")} to send a token to {topK}"
        : $"the floor of {floor}";
}
