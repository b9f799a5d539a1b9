using SeerMoe.Experts;
using SeerMoe.Pruning;

namespace SeerMoe.Tests.Pruning;

public class WhenACutIsClose
{
    // Of 100 tokens experts get 60, 50, 50 and 40 as top-2 of 4; 20 go to both 1 and 2.
    private static readonly ExpertStatistics Counted = new("mixtral", "", Tokens: 100, Sequences: 1, TopK: 2, [Layer(0), Layer(1)]);

    [Fact]
    public void The_error_of_actual_counts_of_one_layer_knows_who_was_chosen_together()
    {
        // Var(x - y) = 0.5 + 0.5 - 2 x 0.2 - 0 = 0.6; sqrt(100 x 0.6)
        Assert.Equal(Math.Sqrt(60), CountingError.Between("actual", (Counted.Layers[0], 1), (Counted.Layers[0], 2))!.Value, 12);
    }

    [Fact]
    public void Experts_of_two_layers_are_taken_as_independent()
    {
        // 0.6 x 0.4 + 0.4 x 0.6 = 0.48
        Assert.Equal(Math.Sqrt(48), CountingError.Between("actual", (Counted.Layers[0], 0), (Counted.Layers[1], 3))!.Value, 12);
    }

    [Fact]
    public void Of_soft_counts_only_a_bound_is_known()
    {
        // soft 30, 25: 0.30 + 0.25 - 0.05^2
        Assert.Equal(Math.Sqrt(100 * (0.55 - 0.0025)), CountingError.Between("soft", (Counted.Layers[0], 0), (Counted.Layers[0], 1))!.Value, 12);
        Assert.True(CountingError.IsBound("soft"));
        Assert.False(CountingError.IsBound("actual"));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("gate-norm")]
    public void Of_other_scores_none_is_known(string criterion) => Assert.Null(CountingError.Between(criterion, (Counted.Layers[0], 0), (Counted.Layers[0], 1)));

    [Fact]
    public void The_edge_is_between_the_last_that_stays_and_the_first_that_goes()
    {
        var edge = Assert.Single(CutEdge.Of(Plan("global", [0, 1], [0, 1, 2]), Counted));

        Assert.Null(edge.Layer);
        // Layer 0 drops expert 2 (50), with which 1 (50) of layer 0, and 1 and 2 of layer 1 tie; layer 1 drops expert 3 (40).
        Assert.Equal(new ScoredExpert(0, 2, 50), edge.First);
        Assert.Equal(50, edge.Last.Score);
        Assert.Equal(0, edge.Gap);
        Assert.Equal(0, edge.Errors);
        Assert.Equal((5, 3, 0), (edge.SurvivorsInDoubt, edge.DroppedInDoubt, edge.KeptBelow));
    }

    [Fact]
    public void Each_layer_has_an_edge_where_layers_compete_by_themselves()
    {
        var edges = CutEdge.Of(Plan("layer", [0, 1, 2], [0, 1, 2]), Counted);

        Assert.Equal([0, 1], edges.Select(edge => edge.Layer!.Value));
        Assert.All(edges, edge => Assert.Equal(10, edge.Gap));
        Assert.All(edges, edge => Assert.Equal(10 / edge.Error!.Value, edge.Errors!.Value, 12));
    }

    [Fact]
    public void Who_stays_below_the_cut_is_told()
    {
        var edge = Assert.Single(CutEdge.Of(Plan("global", [1, 2, 3], [0, 1, 2, 3]), Counted));

        Assert.Equal(new ScoredExpert(0, 0, 60), edge.First); // a person dropped the best of layer 0
        Assert.Equal(new ScoredExpert(1, 0, 60), edge.Last);
        Assert.Equal(6, edge.KeptBelow);
    }

    [Fact]
    public void There_is_no_edge_where_nothing_is_dropped_or_nobody_tells_scores()
    {
        Assert.Empty(CutEdge.Of(Plan("global", [0, 1, 2, 3], [0, 1, 2, 3]), Counted));
        Assert.Empty(CutEdge.Of(Plans.ByHand((0, [0, 1])), Counted));
    }

    [Fact]
    public void Without_statistics_the_gap_has_no_error()
    {
        var edge = Assert.Single(CutEdge.Of(Plan("global", [0, 1, 2], [0, 1, 2]), statistics: null));

        Assert.Equal(10, edge.Gap);
        Assert.Null(edge.Errors);
        Assert.Equal((0, 0), (edge.SurvivorsInDoubt, edge.DroppedInDoubt));
    }

    private static PrunePlan Plan(string scope, params int[][] survivors) =>
        new("actual", scope, null, null, null, [.. survivors.Select((row, l) => new LayerPlan(l, 4, [.. row], [60, 50, 50, 40]))]);

    private static LayerStatistics Layer(int index)
    {
        var layer = new LayerStatistics(index, 4) { Tokens = 100 };
        new double[] { 60, 50, 50, 40 }.CopyTo(layer.Actual, 0);
        new double[] { 30, 25, 25, 20 }.CopyTo(layer.Soft, 0);
        layer.CoActivation[(1 * 4) + 2] = layer.CoActivation[(2 * 4) + 1] = 20;
        return layer;
    }
}
