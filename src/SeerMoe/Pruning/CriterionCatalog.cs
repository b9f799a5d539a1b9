namespace SeerMoe.Pruning;

/// <summary>The criteria this tool knows: one line each.</summary>
public static class CriterionCatalog
{
    private static readonly (string Name, string Meaning, Func<long, ICriterion> Of)[] All =
    [
        ("actual", "The tokens that were routed to the expert.", _ => HeavyHitters.Actual),
        ("soft", "The router's probability for the expert, summed over all tokens.", _ => HeavyHitters.Soft),
        ("soft-topk", "The same, summed over the tokens that were routed to it.", _ => HeavyHitters.SoftTopK),
        ("random", "A control: drawn by the seed, whatever was counted.", seed => new RandomExperts(seed)),
        ("inverse", "A control: keeps the experts that soft would drop.", _ => new ColdestExperts()),
    ];

    /// <summary>Every name, the paper's first, the controls last.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(criterion => criterion.Name)];

    /// <summary>What each ranks by, in a sentence, in the order of <see cref="Names"/>.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Meanings { get; } = [.. All.Select(criterion => (criterion.Name, criterion.Meaning))];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">What `random` draws from; the others do not look at it.</param>
    /// <exception cref="InputException">No criterion has this name.</exception>
    public static ICriterion Find(string name, long seed)
    {
        var criterion = Array.Find(All, known => known.Name == name);
        return criterion.Of is not null
            ? criterion.Of(seed)
            : throw new InputException(
                $"'{name}' is not a criterion.",
                "criterion",
                $"{DidYouMean.Hint(name, Names)}Criteria: {string.Join(", ", Names)}.");
    }
}
