using SeerMoe.Architectures;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Reporting;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Tests.Reporting;

/// <summary>Accuracies on two tasks, each ± 0.02: apart from 0.06 on.</summary>
public class TheVerdictOfARun
{
    [Theory]
    [InlineData("0.9 0.9", "0.8 0.8", "0.9 0.9", "the choice beats random prunes on both tasks; it is within two standard errors of the full model, or better, on both tasks")]
    [InlineData("0.9 0.9", "0.8 0.8", "0.8 0.8", "the choice is no better than chance on any of 2 tasks; it is worse than the full model on both tasks")]
    [InlineData("0.9 0.9", "0.8 0.8", "0.87 0.7", "the choice beats random prunes on a and is worse on b; it is within two standard errors of the full model on 1 of 2 tasks, and worse on b")]
    [InlineData("0.9 0.9", "0.8 0.8", "0.81 0.7", "the choice is worse than chance on b and better on none; it is worse than the full model on both tasks")]
    public void Holds_a_prune_against_chance_and_against_the_full_model(string full, string random, string pruned, string verdict)
    {
        var report = Report(Result(pruned), new Neighbours { Full = Result(full, 1000), Random = Control(random) });

        Assert.Equal($"3 of 4 experts kept, 25.0% fewer bytes; {verdict}.", RunVerdict.Of(report));
    }

    [Fact]
    public void Never_holds_a_trained_model_against_an_untrained_control()
    {
        var report = Report(Result("0.9 0.9"), new Neighbours { Full = Result("0.9 0.9", 1000), Random = Control("0.8 0.8"), Pruned = Result("0.7 0.7") }) with { Steps = [new TrainingStep(1, 1, 1, 1, 2, 0.1, 1, 10)] };

        Assert.Equal("3 of 4 experts kept, 25.0% fewer bytes; the choice is worse than chance on a and b and better on none; after training it is within two standard errors of the full model, or better, on both tasks.", RunVerdict.Of(report));
    }

    [Fact]
    public void Takes_a_single_random_prune_for_no_proof()
    {
        var single = Control("0.5 0.5") with { Seeds = [1], Results = new SortedDictionary<string, TaskResult>(StringComparer.Ordinal) { ["a"] = new() { Acc = 0.5 }, ["b"] = new() { Acc = 0.5 } } };

        Assert.Equal("3 of 4 experts kept.", RunVerdict.Of(Report(Result("0.9 0.9"), new Neighbours { Random = single })));
    }

    [Fact]
    public void Says_what_is_not_known() =>
        Assert.Equal("3 of 4 experts kept; nothing was evaluated, so nothing is known of its worth.", RunVerdict.Of(Report(Result("1 1"), neighbours: null) with { Evaluation = null }));

    private static RunReport Report(EvaluationResult newest, Neighbours? neighbours) => new(
        RecipeFile.Parse("name: t\nmodel: m\nstages: [prune: { plan: p.json }]\n", "recipe.yaml", []).Recipe,
        "",
        new RunLock(new RecipeDigest("t", ""), 0, new EnvironmentInfo("", "", "", "", "", ""), [], []))
    {
        Plan = new PrunePlan("soft", "global", 0.25, null, 17, [new LayerPlan(0, 4, [0, 1, 2], null)]),
        Evaluation = new EvaluationReport(newest, neighbours),
    };

    private static RandomControl Control(string accuracies) => new([1, 2], Result(accuracies).Results, [], new Footprint(200, 100, 750));

    private static EvaluationResult Result(string accuracies, long bytes = 750) => new(
        new SortedDictionary<string, TaskResult>(accuracies.Split(' ').Select((accuracy, i) => (Task: i == 0 ? "a" : "b", Accuracy: double.Parse(accuracy)))
            .ToDictionary(task => task.Task, task => new TaskResult { Acc = task.Accuracy, AccStderr = 0.02 }), StringComparer.Ordinal),
        new Footprint(200, 100, bytes));
}
