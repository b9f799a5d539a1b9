namespace SeerMoe.Pruning;

/// <summary>The criteria this tool knows: one line each.</summary>
public static class CriterionCatalog
{
    private static readonly (string Name, Func<long, ICriterion> Of)[] All =
    [
        ("actual", _ => HeavyHitters.Actual),
        ("soft", _ => HeavyHitters.Soft),
        ("soft-topk", _ => HeavyHitters.SoftTopK),
        ("random", seed => new RandomExperts(seed)),
        ("inverse", _ => new ColdestExperts()),
    ];

    /// <summary>Every name, the paper's first, the controls last.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(criterion => criterion.Name)];

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
