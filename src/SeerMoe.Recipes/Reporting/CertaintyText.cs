using System.Collections.Immutable;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Reporting.Charts;

namespace SeerMoe.Recipes.Reporting;

/// <summary>How clear a cut is, in words.</summary>
public static class CertaintyText
{
    /// <param name="plan">The decision.</param>
    /// <param name="edges">At least one.</param>
    public static IEnumerable<string> Of(PrunePlan plan, ImmutableArray<CutEdge> edges)
    {
        var closest = edges.MinBy(edge => edge.Errors ?? double.MaxValue)!;
        var where = edges is [{ Layer: null }] ? "" : $"closest in layer {closest.Layer}: ";
        yield return $"The cut is {where}layer {closest.Last.Layer}, expert {closest.Last.Expert} ({ShortNumber.Of(closest.Last.Score)}) stays, layer {closest.First.Layer}, expert {closest.First.Expert} ({ShortNumber.Of(closest.First.Score)}) goes{Clarity(plan, closest)}.";

        var (survivors, dropped) = (edges.Sum(edge => edge.SurvivorsInDoubt), edges.Sum(edge => edge.DroppedInDoubt));
        if (edges.Any(edge => edge.Error is not null))
        {
            yield return survivors + dropped == 0
                ? "No expert lies within two counting errors of the cut. The errors take tokens as independent, which those of one sequence are not."
                : $"{survivors} that stay and {dropped} that go lie within two counting errors of the cut: another calibration text may swap them. The errors take tokens as independent, which those of one sequence are not, so more may be in doubt.";
        }

        if (edges.Sum(edge => edge.KeptBelow) is > 0 and var below)
        {
            yield return $"{below} more stay although they rank below the cut: the floor of their layer, their group or whoever edited the plan keeps them.";
        }
    }

    private static string Clarity(PrunePlan plan, CutEdge edge) => edge switch
    {
        _ when plan.Criterion == "random" => ", by draw",
        { Errors: { } errors } => $": a gap of {ShortNumber.Of(edge.Gap)}, {(CountingError.IsBound(plan.Criterion!) ? "at least " : "")}{errors:F1} counting errors",
        _ => $": a gap of {ShortNumber.Of(edge.Gap)}, whose counting error is not known for this criterion",
    };
}
