using SeerMoe.Recipes.Sweeps;
using SeerMoe.Recipes.Tests.Sweeps;

namespace SeerMoe.Recipes.Tests.Scripting;

public sealed class ASweepInCSharp : IDisposable
{
    private const string Text =
        """
        Name = "ratios";
        Seed = 17;
        Model = "model"; Data("counted", "data/counted.jsonl", Tokens);
        Data("tokens", "data/tokens.jsonl", Tokens);
        Data("text", "data/text.txt");
        Count(data: "counted", batch: 2);
        Prune(scope: Scope.Layer);
        Evaluate(tasks: ["tokens", "text"], cut: Cut.Masked, batch: 4);
        Sweep("prune.criterion", "soft", "actual");
        Sweep("prune.ratio", 0.25, 0.5);

        """;

    private readonly TinySweep _sweep = new();

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void Is_the_sweep_that_yaml_says()
    {
        Assert.Equal(_sweep.Plan().Points.Select(point => point.Plan.Recipe), Plan(Text).Points.Select(point => point.Plan.Recipe));
    }

    [Fact]
    public void Zips_shards_and_takes_axes_from_the_command_line()
    {
        var text = Text
            .Replace("batch: 2);", "batch: 2, shards: 2);", StringComparison.Ordinal)
            .Replace("Sweep(", "Zip(", StringComparison.Ordinal);

        var points = Plan(text, "seed=1,2").Points;

        Assert.Equal("prune.criterion=actual, prune.ratio=0.5, seed=2", $"{points[^1].Point}");
        Assert.Equal(4, points.Length);
        Assert.Equal(2, ((CountStep)points[0].Count!.Step).Shards);
    }

    [Fact]
    public void Sweeps_criteria_of_its_own()
    {
        var plan = Plan(Text.Replace("\"actual\"", "Criterion(\"coldest\", layer => [.. layer.Soft.Select(soft => -soft)])", StringComparison.Ordinal));
        var folder = _sweep.Create(plan);
        var table = TinySweep.Run(folder, plan);

        Assert.Equal(0, table.ExitCode);
        Assert.Equal("prune.criterion=coldest, prune.ratio=0.5", $"{table.Rows[^1].Point}");
        Assert.NotNull(SweepFolder.Newest(_sweep["runs"], plan.File));
    }

    [Fact]
    public void Is_blamed_where_a_value_was_written()
    {
        var fault = Assert.Throws<RecipeException>(() => Plan(Text.Replace("0.25, 0.5", "0.25, 1.5", StringComparison.Ordinal)));

        Assert.Equal(
            """
            recipe.csx(10,28): prune.ratio must be at least 0 and below 1, not 1.5
                Sweep("prune.ratio", 0.25, 1.5);
                                           ^^^
            """,
            fault.Message.Replace(_sweep[""] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
    }

    private SweepPlan Plan(string text, params string[] over)
    {
        File.WriteAllText(_sweep["recipe.csx"], text);
        return SweepPlanner.Plan(SweepFile.Load(RecipeSource.Read(_sweep["recipe.csx"]), [], over, []), TinyProject.Cpu);
    }
}
