using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Tests.Experts;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenTheRatioGrows
{
    // small whole numbers make ties frequent
    private static readonly Gen<ExpertStatistics> Statistics =
        from layers in Gen.Choose(1, 5)
        from experts in Gen.Choose(4, 12)
        from soft in Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 6).Select(count => (double)count), experts), layers)
        select SomeStatistics.WithSoft(2, soft);

    [Theory]
    [InlineData(Scope.Layer)]
    [InlineData(Scope.Global)]
    public void Survivors_at_a_half_are_among_those_at_a_quarter(Scope scope) =>
        Prop.ForAll(
            Statistics.ToArbitrary(),
            Gen.Elements(CriterionCatalog.Names.ToArray()).ToArbitrary(),
            (statistics, criterion) =>
            {
                var quarter = Plan(statistics, criterion, scope, 0.25);
                var half = Plan(statistics, criterion, scope, 0.5);
                return half.Layers.Zip(quarter.Layers).All(pair => pair.First.Survivors.All(survivor => pair.Second.Survivors.Contains(survivor)));
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(Scope.Layer)]
    [InlineData(Scope.Global)]
    public void As_many_survive_as_the_budget_says_and_no_layer_falls_below_the_floor(Scope scope) =>
        Prop.ForAll(
            Statistics.ToArbitrary(),
            Gen.Choose(0, 50).ToArbitrary(),
            (statistics, percent) =>
            {
                var ratio = percent / 100.0;
                var plan = Plan(statistics, "soft", scope, ratio);
                var budget = PruneBudget.OfRatio(ratio);
                var expected = scope == Scope.Global
                    ? budget.SurvivorsOf(statistics.Layers.Sum(layer => layer.Experts), "the model")
                    : statistics.Layers.Sum(layer => budget.SurvivorsOf(layer.Experts, "a layer"));
                return plan.Layers.Sum(layer => layer.Survivors.Length) == expected && plan.Layers.All(layer => layer.Survivors.Length >= statistics.TopK);
            }).QuickCheckThrowOnFailure();

    private static PrunePlan Plan(ExpertStatistics statistics, string criterion, Scope scope, double ratio) =>
        PrunePlanner.Plan(statistics, CriterionCatalog.Find(criterion, seed: 17), scope, PruneBudget.OfRatio(ratio), minExperts: 0, seed: 17);
}
