using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Scripting;

namespace SeerMoe.Recipes;

/// <summary>What a prune step ranks by: a criterion of the catalog, or one that a script wrote in C#.</summary>
/// <param name="Name">The catalog's, or the script's own.</param>
/// <param name="Source">The script's lambda as it was written, lines ended by "\n"; null for the catalog's. Equal text is an equal criterion.</param>
public sealed record ChosenCriterion(string Name, string? Source = null)
{
    /// <summary>The lambda itself; null where only its text came along, as in a frozen recipe.</summary>
    public Func<ExpertStatistics, LayerStatistics, double[]>? Score { get; init; }

    /// <summary>"recipe.csx(7)": where the lambda was written.</summary>
    public string Where { get; init; } = "criterion";

    public static implicit operator ChosenCriterion(string name) => new(name);

    /// <summary>The criterion at work on these statistics.</summary>
    /// <param name="seed">What `random` draws from.</param>
    public ICriterion On(ExpertStatistics statistics, long seed) =>
        Score is { } score ? new ScriptCriterion(Name, Where, layer => score(statistics, layer)) : CriterionCatalog.Find(Name, seed);

    public bool Equals(ChosenCriterion? other) => other is not null && Name == other.Name && Source == other.Source;

    public override int GetHashCode() => HashCode.Combine(Name, Source);
}
