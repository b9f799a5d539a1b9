using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class ReadingARecipe
{
    [Fact]
    public void Fills_one_record_a_step()
    {
        var recipe = Example.Read(Example.Text);

        Assert.Equal(
            new Recipe(
                "quickstart",
                17,
                "../tiny-moe",
                [
                    new DataSource("calibration", "calibration.jsonl", DataFormat.JsonLines, "body"),
                    new DataSource("facts", "facts.jsonl", DataFormat.Choices),
                ],
                [
                    new CountStep("calibration") { Options = new CountOptions { Tokens = 65536, Window = 256 } },
                    new PruneStep { Criterion = "soft", Scope = Scope.Global, Ratio = 0.25 },
                    new RegularizeStep("calibration") { Options = new TrainOptions { Steps = 200, EntropyWeight = 0.1, TopK = new TopKSchedule(2, 1) } },
                    new EvaluateStep(["calibration", "facts"]) { Compare = [Comparison.Base, Comparison.Random] },
                ]),
            recipe);
    }

    [Fact]
    public void Leaves_what_is_not_written_at_the_defaults_of_the_engine()
    {
        var recipe = Example.Read(
            """
            name: short
            model: m
            data: { a: { path: a.txt } }
            stages:
              - count: { data: a }
              - prune: { keep: 6 }
              - regularize: { data: a }
              - evaluate: { tasks: a }
            """);

        Assert.Equal(0, recipe.Seed);
        Assert.Equal(DataFormat.Text, recipe.Find("a")!.Format);
        Assert.Equal(new CountOptions(), recipe.Step<CountStep>()!.Options);
        Assert.Equal(new TrainOptions(), recipe.Step<RegularizeStep>()!.Options);
        Assert.Equal(new EvaluateOptions(), recipe.Step<EvaluateStep>()!.Options);
        Assert.Equal(3, recipe.Step<EvaluateStep>()!.RandomSeeds);
        Assert.Equal(["a"], recipe.Step<EvaluateStep>()!.Tasks.Select(task => task.Data));
        Assert.Equal(new PruneStep { Criterion = "soft", Scope = Scope.Global, Keep = 6, MinExperts = 0 }, recipe.Step<PruneStep>());
    }

    [Fact]
    public void Takes_a_key_without_a_value_as_not_written()
    {
        Assert.Null(Example.Read(Example.With("tokens: 65536", "tokens:")).Step<CountStep>()!.Options.Tokens);
    }

    [Fact]
    public void Refuses_a_file_that_is_absent_or_no_text()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["binary.yaml"], [0x80, 0xFF]);

        Assert.StartsWith("The recipe can't be read", Refusal("absent.yaml"), StringComparison.Ordinal);
        Assert.Equal("The recipe is not UTF-8 text.", Refusal("binary.yaml"));
        Assert.StartsWith("The recipe can't be read", Refusal("absent.csx"), StringComparison.Ordinal);

        string Refusal(string name) => Assert.Throws<InputException>(() => RecipeFile.Load(folder[name], [])).What;
    }

    [Theory]
    [InlineData("  - count: { data: calibration }")]
    [InlineData("  - regularize: { data: calibration }")]
    [InlineData("  - prune: { plan: plan.json }")]
    [InlineData("  - count: { data: calibration }\n  - evaluate: { tasks: [calibration] }")]
    [InlineData("  - prune: { plan: plan.json }\n  - evaluate: { tasks: [facts], compare: [base] }")]
    public void Is_content_with_any_sensible_part_of_the_stages(string stages)
    {
        var text = Example.Text[..(Example.Text.IndexOf("stages:", StringComparison.Ordinal) + "stages:\n".Length)] + stages;

        Assert.Equal(stages.Split('\n').Length, Example.Read(text).Stages.Count);
    }
}
