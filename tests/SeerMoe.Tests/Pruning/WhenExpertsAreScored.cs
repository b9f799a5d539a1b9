using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Tests.Experts;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenExpertsAreScored
{
    private readonly LayerStatistics _layer = SomeStatistics.Whole().Layers[0];

    [Fact]
    public void Actual_soft_and_soft_topk_are_the_counts_themselves()
    {
        Assert.Equal(_layer.Actual, Score("actual"));
        Assert.Equal(_layer.Soft, Score("soft"));
        Assert.Equal(_layer.SoftTopK, Score("soft-topk"));
    }

    [Fact]
    public void Inverse_is_minus_the_soft_count() => Assert.Equal(_layer.Soft.Select(soft => -soft), Score("inverse"));

    [Fact]
    public void Inverse_of_an_expert_never_wanted_is_plain_zero() =>
        Assert.False(double.IsNegative(CriterionCatalog.Find("inverse", 0).Scores(new LayerStatistics(0, 1))[0]));

    [Fact]
    public void Every_criterion_goes_by_the_name_it_is_found_under() =>
        Assert.All(CriterionCatalog.Names, name => Assert.Equal(name, CriterionCatalog.Find(name, seed: 1).Name));

    [Fact]
    public void Random_is_the_same_on_every_machine() =>
        Assert.Equal([0.8604668341800455, 0.33477809070117404, 0.4886927353483296], CriterionCatalog.Find("random", seed: 17).Scores(new LayerStatistics(3, 3)));

    [Fact]
    public void Random_differs_between_seeds_and_layers()
    {
        double[] scores = [.. Random(17, 0), .. Random(18, 0), .. Random(-17, 0), .. Random(17, 1)];

        Assert.Equal(scores.Length, scores.Distinct().Count());

        static double[] Random(long seed, int layer) => new RandomExperts(seed).Scores(new LayerStatistics(layer, 64));
    }

    [Fact]
    public void Random_is_uniform_between_zero_and_one()
    {
        var scores = new RandomExperts(1).Scores(new LayerStatistics(0, 100_000));

        Assert.All(scores, score => Assert.InRange(score, 0, 1 - 1e-16));
        // mean 1/2 and variance 1/12, each within five standard errors
        Assert.Equal(0.5, scores.Average(), tolerance: 5 * Math.Sqrt(1.0 / 12 / scores.Length));
        Assert.Equal(1.0 / 12, scores.Average(score => (score - 0.5) * (score - 0.5)), tolerance: 5 * Math.Sqrt(1.0 / 180 / scores.Length));
    }

    [Fact]
    public void A_mistyped_criterion_is_refused_with_the_word_that_was_meant()
    {
        var error = Assert.Throws<InputException>(() => CriterionCatalog.Find("sotf", seed: 0));

        Assert.Equal("'sotf' is not a criterion.", error.What);
        Assert.Equal("Did you mean 'soft'? Criteria: actual, soft, soft-topk, random, inverse.", error.WhatToDo);
    }

    [Fact]
    public void A_criterion_like_no_other_is_refused_with_the_list_alone() =>
        Assert.StartsWith("Criteria: actual", Assert.Throws<InputException>(() => CriterionCatalog.Find("magnitude", seed: 0)).WhatToDo, StringComparison.Ordinal);

    private double[] Score(string criterion) => CriterionCatalog.Find(criterion, seed: 0).Scores(_layer);
}
