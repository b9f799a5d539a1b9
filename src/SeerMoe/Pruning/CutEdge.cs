using System.Collections.Immutable;
using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>An expert with its score.</summary>
public sealed record ScoredExpert(int Layer, int Expert, double Score);

/// <summary>
/// How clear a cut is: the last expert that its score saved, beside the first that it did not, in units of the counting error.
/// <code>
/// rank   1    2    3    4  |  5    6         gap 4 - 5 over the error of that difference: 3 is clear, 0.5 is a coin's toss
/// score  9    8    7    4  |  3    1
/// </code>
/// </summary>
/// <param name="Layer">Within which the experts competed; null for all.</param>
/// <param name="Last">The survivor with the lowest score above <paramref name="First"/>'s.</param>
/// <param name="First">The dropped expert with the highest score.</param>
/// <param name="Error">Standard error of the gap, see <see cref="CountingError"/>; null where it is not known.</param>
/// <param name="SurvivorsInDoubt">Survivors less than two errors ahead of <paramref name="First"/>.</param>
/// <param name="DroppedInDoubt">Dropped experts less than two errors behind <paramref name="Last"/>.</param>
/// <param name="KeptBelow">Survivors with a lower score than <paramref name="First"/>: a floor, a group or a person kept them.</param>
public sealed record CutEdge(int? Layer, ScoredExpert Last, ScoredExpert First, double? Error, int SurvivorsInDoubt, int DroppedInDoubt, int KeptBelow)
{
    private const double Doubt = 2;

    public double Gap => Last.Score - First.Score;

    /// <summary>The gap in counting errors; null where they are not known.</summary>
    public double? Errors => Error is > 0 ? Gap / Error : null;

    /// <summary>One for the whole model, or one a layer with scope layer; none where nothing is dropped, or the plan tells no scores.</summary>
    /// <param name="statistics">That the scores were made of; null where they are not at hand.</param>
    public static ImmutableArray<CutEdge> Of(PrunePlan plan, ExpertStatistics? statistics)
    {
        var experts = plan.Layers.SelectMany(layer => layer.Scores is { } scores
            ? scores.Select((score, expert) => (Expert: new ScoredExpert(layer.Layer, expert, score), Survives: layer.Survivors.Contains(expert)))
            : []).ToList();
        return plan.Scope == Scope.Layer.Name()
            ? [.. experts.GroupBy(expert => expert.Expert.Layer).Select(layer => Of(layer.Key, [.. layer], plan, statistics)).OfType<CutEdge>()]
            : Of(layer: null, experts, plan, statistics) is { } edge ? [edge] : [];
    }

    private static CutEdge? Of(int? layer, List<(ScoredExpert Expert, bool Survives)> experts, PrunePlan plan, ExpertStatistics? statistics)
    {
        var dropped = experts.Where(expert => !expert.Survives).Select(expert => expert.Expert).ToList();
        var first = dropped.MaxBy(expert => expert.Score);
        var survivors = experts.Where(expert => expert.Survives && expert.Expert.Score >= first?.Score).Select(expert => expert.Expert).ToList();
        if (first is null || survivors.MinBy(expert => expert.Score) is not { } last)
        {
            return null;
        }

        return new CutEdge(
            layer,
            last,
            first,
            ErrorOf(last, first),
            survivors.Count(survivor => survivor.Score - first.Score < Doubt * ErrorOf(survivor, first)),
            dropped.Count(expert => last.Score - expert.Score < Doubt * ErrorOf(last, expert)),
            experts.Count(expert => expert.Survives && expert.Expert.Score < first.Score));

        double? ErrorOf(ScoredExpert i, ScoredExpert j) =>
            plan.Criterion is { } criterion && Find(statistics, i) is { } ofI && Find(statistics, j) is { } ofJ ? CountingError.Between(criterion, (ofI, i.Expert), (ofJ, j.Expert)) : null;
    }

    private static LayerStatistics? Find(ExpertStatistics? statistics, ScoredExpert expert) => statistics?.Layers.FirstOrDefault(layer => layer.Layer == expert.Layer && expert.Expert < layer.Experts);
}
