using System.Collections.Immutable;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Recipes.Running;

/// <summary>
/// What the points of a sweep have in common, found out once: statistics, and what is measured on the model itself (the full
/// model, random controls, masked cuts). Masks that several points ask for go through the model together.
/// </summary>
/// <param name="folder">Of the sweep.</param>
/// <param name="cache">Knows the digests of statistics that were counted here.</param>
public sealed class SharedResults(string folder, StageCache cache)
{
    private const string BaseSuffix = ".base";
    private const int KeyDigits = 16;

    // More at once save little more, and each takes hidden states of its own.
    private const int MostTogether = 16;

    private static readonly PrunePlan Nothing = new(null, null, null, null, null, []);

    private bool _apart;

    /// <summary>Points that run in this process one after the other, so that one may measure for those after it.</summary>
    public ImmutableArray<RunPlan> Points { get; init; } = [];

    /// <summary>Statistics, in folders named by key.</summary>
    public static string CountsIn(string sweep) => Path.Combine(sweep, "counts");

    /// <summary>Where the statistics of a count stage are; null where they were not counted yet, or are not any more what they were.</summary>
    public string? Counted(PlannedStage count) =>
        Path.Combine(CountsIn(folder), count.ShortKey) is var counted && Directory.Exists(counted) && !cache.HeldOnce(count.Key, counted) ? counted : null;

    private string Evaluations => Path.Combine(folder, "evaluations");

    /// <summary>The same numbers again where the model was measured in the same way with the same experts masked, else what <paramref name="measure"/> gives.</summary>
    /// <param name="asked">The stage at work.</param>
    /// <param name="mask">The one that is asked for; null for none.</param>
    /// <param name="awaited">Others that will be: they are measured with it.</param>
    /// <param name="measure">Measures all that are not known, together.</param>
    public EvaluationResult Evaluated(
        (RunPlan Plan, PlannedStage Stage) asked, PrunePlan? mask, IEnumerable<PrunePlan> awaited, Func<IReadOnlyList<PrunePlan?>, IReadOnlyList<EvaluationResult>> measure)
    {
        var path = PathOf(asked, mask);
        if (SealedEvaluation.Find(path) is { } known)
        {
            return known;
        }

        var others = (_apart ? [] : awaited).Select(other => (Mask: (PrunePlan?)other, Path: PathOf(asked, other))).Where(other => SealedEvaluation.Find(other.Path) is null);
        var together = others.Prepend((Mask: mask, Path: path)).DistinctBy(one => one.Path).Take(MostTogether).ToList();
        var measured = Measured([.. together.Select(one => one.Mask)], measure);
        foreach (var (one, result) in together.Zip(measured))
        {
            SealedEvaluation.Write(one.Path, result);
        }

        return measured[0];
    }

    /// <summary>The full model's numbers and what it said, again where another point measured it.</summary>
    /// <param name="asked">The stage at work.</param>
    /// <param name="own">Where it is put first, and stays if another point is done earlier.</param>
    /// <param name="measure">Measures it, and keeps what it says in the record given.</param>
    public (EvaluationResult Result, BaseRecord Record) Base((RunPlan Plan, PlannedStage Stage) asked, BaseRecord own, Func<BaseRecord, EvaluationResult> measure)
    {
        var path = PathOf(asked, mask: null);
        var record = new BaseRecord(path + BaseSuffix);
        if (record.IsWhole && SealedEvaluation.Find(path) is { } known)
        {
            return (known, record);
        }

        var measured = measure(own);
        SealedEvaluation.Write(path, measured);
        return (measured, own.MoveTo(path + BaseSuffix));
    }

    /// <summary>Whether two stages give the same numbers under the same mask.</summary>
    internal bool AreAlike((RunPlan Plan, PlannedStage Stage) one, (RunPlan Plan, PlannedStage Stage) other) => PathOf(one, Nothing) == PathOf(other, Nothing);

    /// <summary>What the full model said is of use to points only.</summary>
    public void Clear()
    {
        foreach (var record in Directory.Exists(Evaluations) ? Directory.GetDirectories(Evaluations, $"*{BaseSuffix}") : [])
        {
            Directory.Delete(record, recursive: true);
        }
    }

    private IReadOnlyList<EvaluationResult> Measured(IReadOnlyList<PrunePlan?> together, Func<IReadOnlyList<PrunePlan?>, IReadOnlyList<EvaluationResult>> measure)
    {
        try
        {
            return measure(together);
        }
        catch (Exception error) when (together.Count > 1 && (error is InputException || OutOfMemory.Is(error)))
        {
            // Another point's mask may be to blame: from now on each tells its own fault.
            _apart = true;
            return measure([together[0]]);
        }
    }

    // As of a stage that has no other neighbours and goes by no other stage than the survivors themselves.
    private string PathOf((RunPlan Plan, PlannedStage Stage) asked, PrunePlan? mask)
    {
        var (plan, stage) = asked;
        var step = (EvaluateStep)stage.Step;
        ValueList<Comparison> compare = mask is not null && step.Compare.Contains(Comparison.Base) ? [Comparison.Base] : [];
        var options = StageOptions.Of(plan.Recipe, step with { Compare = compare, Cut = Cut.Written });
        options["mask"] = mask is null ? null : StageMasks.Text(mask);
        string[] stages = [.. plan.Stages.Select(earlier => earlier.Id)];
        var key = StageKey.Of("evaluation", options, stage.Inputs.Where(input => !stages.Contains(input.Name)), plan.Environment);
        return Path.Combine(Evaluations, key[..KeyDigits]);
    }
}
