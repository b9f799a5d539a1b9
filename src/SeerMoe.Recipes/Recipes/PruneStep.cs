using SeerMoe.Pruning;

namespace SeerMoe.Recipes;

/// <summary>Which experts go: a criterion with a ratio or a number to keep, or a plan file as it stands.</summary>
public sealed record PruneStep : Step
{
    public const string Key = "prune";

    public override string Id => Key;

    /// <summary>Scores the experts. `soft` with global scope is the paper's best variant.</summary>
    public ChosenCriterion Criterion { get; init; } = "soft";

    public Scope Scope { get; init; } = Scope.Global;

    /// <summary>Share of the experts to drop; null where <see cref="Keep"/> or <see cref="Plan"/> says it.</summary>
    public double? Ratio { get; init; }

    /// <summary>Experts to keep: of every layer, or of all layers together with global scope.</summary>
    public int? Keep { get; init; }

    /// <summary>Experts that every layer keeps at least; 0 is the model's top-K.</summary>
    public int MinExperts { get; init; }

    /// <summary>A plan file, relative to the recipe's folder, instead of all of the above.</summary>
    public string? Plan { get; init; }
}
