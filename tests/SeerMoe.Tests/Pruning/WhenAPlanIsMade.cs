using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Tests.Experts;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenAPlanIsMade
{
    // the example of PrunePlanner's documentation
    private static readonly ExpertStatistics Example = SomeStatistics.WithSoft(2, [9, 7, 8, 6], [1, 4, 2, 3]);

    [Fact]
    public void Scope_layer_keeps_the_best_of_each_layer() =>
        Assert.Equal("0 2 | 1 3", Survivors(Plan(Example, Scope.Layer, PruneBudget.OfRatio(0.5))));

    [Fact]
    public void Scope_layer_keeps_the_same_number_everywhere() =>
        Assert.Equal("0 1 2 | 1 2 3", Survivors(Plan(Example, Scope.Layer, PruneBudget.OfKeep(3))));

    [Fact]
    public void Scope_global_keeps_the_best_of_all_once_every_layer_has_its_floor() =>
        Assert.Equal("0 1 2 | 1 3", Survivors(Plan(Example, Scope.Global, PruneBudget.OfKeep(5))));

    [Fact]
    public void A_higher_floor_protects_more_of_the_weak_layer() =>
        Assert.Equal("0 1 2 | 1 2 3", Survivors(Plan(Example, Scope.Global, PruneBudget.OfRatio(0.25), minExperts: 3)));

    [Fact]
    public void A_layer_smaller_than_the_floor_keeps_what_it_has() =>
        Assert.Equal("0 1 | 1 2 3", Survivors(Plan(SomeStatistics.WithSoft(1, [1, 2], [1, 4, 2, 3]), Scope.Global, PruneBudget.OfKeep(5), minExperts: 3)));

    [Theory]
    [InlineData(Scope.Layer, "0 1 | 0 1")]
    [InlineData(Scope.Global, "0 1 2 | 0")]
    public void Of_equal_scores_the_lower_layer_then_the_lower_expert_survives(Scope scope, string survivors) =>
        Assert.Equal(survivors, Survivors(Plan(SomeStatistics.WithSoft(1, [5, 5, 5], [5, 5, 5]), scope, PruneBudget.OfRatio(0.34))));

    [Fact]
    public void It_says_how_it_was_made()
    {
        var plan = PrunePlanner.Plan(Example, HeavyHitters.Soft, Scope.Global, PruneBudget.OfRatio(0.25), minExperts: 0, seed: 17);

        Assert.Equal(("soft", "global", 0.25, null, 17L), (plan.Criterion, plan.Scope, plan.Ratio, plan.Keep, plan.Seed));
        Assert.Equal((1, 4), (plan.Layers[1].Layer, plan.Layers[1].Experts));
        Assert.Equal([1, 4, 2, 3], plan.Layers[1].Scores!.Value);
    }

    [Fact]
    public void It_speaks_of_layers_by_their_index_in_the_checkpoint() =>
        Assert.Equal([1, 4], PrunePlanner.Plan(SomeStatistics.Whole(), HeavyHitters.Soft, Scope.Layer, PruneBudget.OfKeep(2), 0, 0).Layers.Select(layer => layer.Layer));

    [Fact]
    public void A_floor_below_top_k_is_refused() =>
        Assert.Equal(
            "A floor of 1 experts a layer is below the 2 that every token is sent to (top-K).",
            Assert.Throws<InputException>(() => Plan(Example, Scope.Global, PruneBudget.OfRatio(0.25), minExperts: 1)).What);

    [Fact]
    public void A_layer_left_with_fewer_than_top_k_is_refused() =>
        Assert.Equal(
            "The budget leaves 1 of 4 experts in layer 0, fewer than the 2 that every token is sent to (top-K).",
            Assert.Throws<InputException>(() => Plan(Example, Scope.Layer, PruneBudget.OfRatio(0.75))).What);

    [Fact]
    public void A_global_budget_below_the_floors_is_refused() =>
        Assert.Equal(
            "The budget leaves 5 experts in all, fewer than the 6 that 2 layers need: the floor of 3 in each.",
            Assert.Throws<InputException>(() => Plan(Example, Scope.Global, PruneBudget.OfKeep(5), minExperts: 3)).What);

    [Fact]
    public void A_score_that_is_no_number_is_our_fault() =>
        Assert.Equal(
            "Criterion soft scores expert 1 of layer 0 as NaN.",
            Assert.Throws<InvalidOperationException>(() => Plan(SomeStatistics.WithSoft(1, [1, double.NaN]), Scope.Layer, PruneBudget.OfKeep(1))).Message);

    [Fact]
    public void A_ratio_that_rounds_to_nobody_is_refused() =>
        Assert.Equal("A ratio of 0.1 drops no expert at all.", Assert.Throws<InputException>(() => PruneChecks.RefuseNoOp(Plan(Example, Scope.Layer, PruneBudget.OfRatio(0.1)))).What);

    [Fact]
    public void A_ratio_of_zero_asks_for_a_copy() =>
        PruneChecks.RefuseNoOp(Plan(Example, Scope.Layer, PruneBudget.OfRatio(0)));

    [Fact]
    public void Keeping_as_many_as_there_are_asks_for_a_copy() =>
        PruneChecks.RefuseNoOp(Plan(Example, Scope.Global, PruneBudget.OfKeep(8)));

    private static PrunePlan Plan(ExpertStatistics statistics, Scope scope, PruneBudget budget, int minExperts = 0) =>
        PrunePlanner.Plan(statistics, HeavyHitters.Soft, scope, budget, minExperts, seed: 0);

    private static string Survivors(PrunePlan plan) => string.Join(" | ", plan.Layers.Select(layer => string.Join(' ', layer.Survivors)));
}
