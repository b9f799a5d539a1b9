using System.Collections.Immutable;

namespace SeerMoe.Pruning;

/// <summary>Which experts survive: a file that a person can review and edit (prune-plan.json).</summary>
/// <param name="Criterion">Name of the criterion, or null for a plan written by hand.</param>
/// <param name="Scope">`layer` or `global`, or null.</param>
/// <param name="Ratio">Share of experts asked to be dropped, or null when a number to keep was asked.</param>
/// <param name="Keep">Number of experts asked to be kept, or null when a ratio was asked.</param>
/// <param name="Seed">Seed that was given, though only the criterion `random` draws from it, or null.</param>
/// <param name="Layers">Layers not named keep everything.</param>
public sealed record PrunePlan(
    string? Criterion,
    string? Scope,
    double? Ratio,
    int? Keep,
    long? Seed,
    ImmutableArray<LayerPlan> Layers);

/// <summary>The survivors of one layer.</summary>
/// <param name="Layer">Index of the decoder layer in the checkpoint.</param>
/// <param name="Experts">Experts before the cut, or null in a plan written by hand.</param>
/// <param name="Survivors">Old expert numbers, ascending; the n-th survivor becomes expert n.</param>
/// <param name="Scores">The criterion's score of every expert, or null.</param>
public sealed record LayerPlan(
    int Layer,
    int? Experts,
    ImmutableArray<int> Survivors,
    ImmutableArray<double>? Scores);
