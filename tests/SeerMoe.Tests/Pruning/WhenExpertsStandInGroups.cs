using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Tests.Experts;

namespace SeerMoe.Tests.Pruning;

/// <summary>Two groups of four: 0 1 2 3 and 4 5 6 7.</summary>
public sealed class WhenExpertsStandInGroups
{
    private static readonly PruneLimits TwoGroups = new(Groups: 2, LeastExperts: 4);

    private static readonly ExpertStatistics Example = SomeStatistics.WithSoft(2, [9, 8, 7, 6, 1, 2, 3, 4], [1, 1, 1, 1, 1, 1, 1, 5]);

    [Theory]
    [InlineData(0.25, "0 1 2 5 6 7 | 0 1 2 4 5 7")]
    [InlineData(0.4, "0 1 2 5 6 7 | 0 1 2 4 5 7")] // three of eight can't go evenly: never more than was asked
    [InlineData(0.5, "0 1 6 7 | 0 1 4 7")]
    public void By_layer_each_group_keeps_its_best_and_as_many_as_the_others(double ratio, string survivors) =>
        Assert.Equal(survivors, Survivors(Plan(Scope.Layer, PruneBudget.OfRatio(ratio))));

    [Theory]
    [InlineData(0.25, "0 1 2 3 4 5 6 7 | 0 1 4 7")] // experts of one rank go together, by their mean score
    [InlineData(0.5, "0 1 6 7 | 0 1 4 7")]
    public void Over_all_layers_ranks_of_all_groups_compete(double ratio, string survivors) =>
        Assert.Equal(survivors, Survivors(Plan(Scope.Global, PruneBudget.OfRatio(ratio))));

    [Fact]
    public void What_survives_at_a_higher_ratio_survives_at_a_lower_one()
    {
        var layers = Enumerable.Range(0, 9).Select(i => Plan(Scope.Global, PruneBudget.OfRatio(i / 16.0)).Layers).ToList();
        foreach (var (more, fewer) in layers.Zip(layers.Skip(1)))
        {
            Assert.All(more.Zip(fewer), pair => Assert.Subset(pair.First.Survivors.ToHashSet(), pair.Second.Survivors.ToHashSet()));
        }
    }

    [Theory]
    [InlineData(Scope.Layer, 5)]
    [InlineData(Scope.Global, 11)]
    public void A_number_to_keep_that_does_not_divide_is_refused(Scope scope, int keep) =>
        Assert.Contains("evenly in 2 groups", Assert.Throws<InputException>(() => Plan(scope, PruneBudget.OfKeep(keep))).What, StringComparison.Ordinal);

    [Theory]
    [InlineData(new[] { 0, 1, 2, 4, 5 }, "keeps 3, 2 experts of its 2 groups")]
    [InlineData(new[] { 0, 4 }, "keeps 2 experts in 2 groups, of which a token picks 1 for 2 experts")]
    public void A_plan_by_hand_that_leaves_them_uneven_or_too_small_is_refused(int[] survivors, string what)
    {
        var shape = new MoeShape(1, [0], [8], TopK: 2) { Groups = 2, GroupsChosen = 1 };
        var error = Assert.Throws<InputException>(() => PruneChecks.RefuseUnfit(Plans.ByHand((0, survivors)), shape, "plan.json"));
        Assert.Contains(what, error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_floor_leaves_enough_experts_in_the_groups_that_a_token_picks()
    {
        // DeepSeek-V3: 8 groups, 4 picked, 8 experts a token; the score of a group is the sum of its two best
        Assert.Equal(16, new MoeShape(1, [0], [256], TopK: 8) { Groups = 8, GroupsChosen = 4, LeastInGroup = 2 }.LeastExperts);
        Assert.Equal(64, new MoeShape(1, [0], [256], TopK: 8) { Groups = 8, GroupsChosen = 1, LeastInGroup = 2 }.LeastExperts);
        Assert.Equal(3, new MoeShape(1, [0], [8], TopK: 3).LeastExperts);
    }

    [Fact]
    public void A_config_whose_experts_do_not_divide_is_refused()
    {
        var text = File.ReadAllText(Path.Combine(Fixtures.Folder("deepseek_v3"), "config.json")).Replace("\"n_group\": 4", "\"n_group\": 3", StringComparison.Ordinal);
        var config = HfConfig.Parse(text, "config.json");
        Assert.Contains("can't stand in 3 groups", Assert.Throws<InputException>(() => ArchitectureCatalog.For(config).Shape(config)).What, StringComparison.Ordinal);
    }

    private static PrunePlan Plan(Scope scope, PruneBudget budget) => PrunePlanner.Plan(Example, HeavyHitters.Soft, scope, budget, minExperts: 0, seed: 0, TwoGroups);

    private static string Survivors(PrunePlan plan) => string.Join(" | ", plan.Layers.Select(layer => string.Join(' ', layer.Survivors)));
}
