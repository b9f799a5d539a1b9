using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Tests.Running;

public sealed class WhenARecipeHasRounds : IDisposable
{
    private const string Recipe =
        """
        name: rounds
        seed: 17
        rounds: 2
        model: model
        allow_overlap: true
        data:
          text: { path: data/text.txt }
        stages:
          - count:      { data: text, window: 16 }
          - prune:      { criterion: soft, ratio: 0.5 }
          - regularize: { data: text, steps: 2, batch: 1, window: 16, top_k: { from: 2, to: 1 } }
          - evaluate:   { tasks: [text], compare: [base, random] }
        """;

    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Each_counts_on_what_the_one_before_left_and_the_last_ends_where_a_single_one_would()
    {
        var outcome = Runner.Run(_project.PlanOf(Recipe), _project["runs"]);

        Assert.Equal(
            ["1-count", "2-prune", "3-regularize", "4-count-2", "5-prune-2", "6-regularize-2", "7-evaluate"],
            outcome.Plan.Stages.Select(stage => stage.Folder));
        Assert.Equal(6, Survivors(outcome, "2-prune"));
        Assert.Equal(4, Survivors(outcome, "5-prune-2"));
        Assert.Equal(4, outcome.Result<PruneResult>()!.Plan.Layers.Sum(layer => layer.Survivors.Length));
        Assert.Equal(6, SeerMoe.Experts.StatisticsFile.Read(Path.Combine(outcome.Folder, "4-count-2")).Layers.Sum(layer => layer.Experts));
        Assert.Empty(RunVerifier.Verify(outcome.Folder).Findings);
    }

    [Fact]
    public void Top_k_is_annealed_in_the_last_one()
    {
        var outcome = Runner.Run(_project.PlanOf(Recipe), _project["runs"]);

        Assert.Equal([2, 2], TopKs(outcome, "3-regularize"));
        Assert.Equal([2, 1], TopKs(outcome, "6-regularize-2"));
    }

    [Fact]
    public void Stopped_in_the_second_one_it_goes_on_there_to_the_same_bytes()
    {
        var whole = Runner.Run(_project.PlanOf(Recipe), _project["whole"]);
        Assert.Throws<OperationCanceledException>(() => Runner.Run(_project.PlanOf(Recipe), _project["runs"], new StopsIn("6-regularize-2")));

        var resumed = Runner.Resume(_project.PlanOf(Recipe), _project["runs"]);

        Assert.Equal(whole.Lock.Stages.SelectMany(stage => stage.Outputs), resumed.Lock.Stages.SelectMany(stage => stage.Outputs));
    }

    [Fact]
    public void The_first_is_shared_with_a_recipe_of_one_round_as_far_as_it_is_the_same()
    {
        var one = _project.PlanOf(Recipe.Replace("rounds: 2\n", "", StringComparison.Ordinal)).Stages;
        var two = _project.PlanOf(Recipe).Stages;

        Assert.Equal(one[0].Key, two[0].Key);
        Assert.NotEqual(one[1].Key, two[1].Key);
        Assert.Equal(7, two.Select(stage => stage.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("rounds: 5", "4 experts can't go in 5 rounds")]
    [InlineData("rounds: 0", "at least 1")]
    public void More_than_there_are_experts_to_drop_are_refused(string rounds, string what)
    {
        var fault = Assert.Single(Assert.Throws<RecipeException>(() => _project.PlanOf(Recipe.Replace("rounds: 2", rounds, StringComparison.Ordinal))).Diagnostics);

        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, fault.Place!.Line);
    }

    [Theory]
    [InlineData("criterion: soft, ratio: 0.5", "plan: mine.json", "rounds need a count stage and a prune stage without a plan file")]
    [InlineData("compare: [base, random]", "cut: masked", "a masked cut can't be counted again")]
    public void What_can_not_be_done_again_is_refused(string from, string to, string what)
    {
        var recipe = Recipe.Replace(from, to, StringComparison.Ordinal);

        Assert.Contains(Assert.Throws<RecipeException>(() => _project.PlanOf(recipe)).Diagnostics, fault => fault.Message.Contains(what, StringComparison.Ordinal));
    }

    private static int Survivors(RunOutcome outcome, string stage) =>
        PrunePlanFile.Read(Path.Combine(outcome.Folder, stage, "prune-plan.json")).Layers.Sum(layer => layer.Survivors.Length);

    private static IEnumerable<int> TopKs(RunOutcome outcome, string stage) =>
        SeerMoe.Torch.Training.TrainingLog.Read(Path.Combine(outcome.Folder, stage)).Select(step => step.TopK);

    private sealed class StopsIn(string stage) : IProgress<SeerMoe.Torch.Progress>
    {
        public void Report(SeerMoe.Torch.Progress value)
        {
            if (value.What.StartsWith(stage, StringComparison.Ordinal))
            {
                throw new OperationCanceledException();
            }
        }
    }
}
