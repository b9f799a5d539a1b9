using SeerMoe.Recipes.Sweeps;
using SeerMoe.Recipes.Tests.Yaml;

namespace SeerMoe.Recipes.Tests.Sweeps;

public sealed class ReadingASweep
{
    [Fact]
    public void Gives_every_value_with_every_other_the_first_key_outermost()
    {
        var sweep = Read("sweep:\n  prune.criterion: [soft, actual]\n  prune.ratio: [0, 0.25, 0.5]\n");

        Assert.True(sweep.IsSweep);
        Assert.Equal(
            [
                "prune.criterion=soft, prune.ratio=0",
                "prune.criterion=soft, prune.ratio=0.25",
                "prune.criterion=soft, prune.ratio=0.5",
                "prune.criterion=actual, prune.ratio=0",
                "prune.criterion=actual, prune.ratio=0.25",
                "prune.criterion=actual, prune.ratio=0.5",
            ],
            sweep.Points.Select(point => point.ToString()));
        Assert.Equal(("actual", 0.5), Prune(sweep.Points[^1]));
        Assert.Equal(["001", "002", "003", "004", "005", "006"], sweep.Points.Select(point => point.Name));
    }

    [Fact]
    public void Pairs_what_is_zipped()
    {
        var sweep = Read("sweep:\n  zip:\n    prune.criterion: [soft, actual]\n    prune.ratio: [0.25, 0.5]\n  seed: [1, 2]\n");

        Assert.Equal(
            [
                "prune.criterion=soft, prune.ratio=0.25, seed=1",
                "prune.criterion=soft, prune.ratio=0.25, seed=2",
                "prune.criterion=actual, prune.ratio=0.5, seed=1",
                "prune.criterion=actual, prune.ratio=0.5, seed=2",
            ],
            sweep.Points.Select(point => point.ToString()));
    }

    [Fact]
    public void Takes_axes_from_the_command_line_in_place_of_the_recipes_or_after_them()
    {
        var sweep = SweepFile.Parse(Example.Text + "sweep:\n  prune.ratio: [0, 0.5]\n  seed: [1]\n", "recipe.yaml", [], ["prune.ratio=0.125", "prune.scope=layer,global"], []);

        Assert.Equal(
            ["prune.ratio=0.125, seed=1, prune.scope=layer", "prune.ratio=0.125, seed=1, prune.scope=global"],
            sweep.Points.Select(point => point.ToString()));
    }

    [Fact]
    public void Takes_pairs_and_mappings_from_the_command_line()
    {
        var sweep = SweepFile.Parse(Example.Text, "recipe.yaml", [], [], ["regularize.top_k={ from: 2, to: 1 },{ from: 2, to: 2 }", "regularize.steps=1,2"]);

        Assert.Equal(
            ["regularize.top_k={ from: 2, to: 1 }, regularize.steps=1", "regularize.top_k={ from: 2, to: 2 }, regularize.steps=2"],
            sweep.Points.Select(point => point.ToString()));
        Assert.Equal(2, sweep.Points[1].File.Recipe.Step<RegularizeStep>()!.Options.TopK!.To);
    }

    [Fact]
    public void Lets_the_recipe_leave_out_what_every_point_says()
    {
        var text = Example.With("scope: global, ratio: 0.25", "scope: global") + "sweep: { prune.ratio: [0.25, 0.5] }";

        Assert.Equal(2, SweepFile.Parse(text, "recipe.yaml", [], [], []).Points.Length);
    }

    [Fact]
    public void Of_a_recipe_without_one_is_a_single_point()
    {
        var sweep = Read("");

        Assert.False(sweep.IsSweep);
        Assert.Equal(Example.Read(Example.Text), Assert.Single(sweep.Points).File.Recipe);
    }

    [Fact]
    public void Freezes_a_text_that_is_read_as_the_same_points()
    {
        const string Axes = "sweep:\n  \"prune.ratio\": [0, 2.5e-1]\n  zip: { regularize.top_k: [{ from: 2, to: 1 }, ~], regularize.steps: [3, 4] }\n  data.facts.path: ['a, b.jsonl', \"it's }.jsonl\"]\n";
        var sweep = SweepFile.Parse(Example.Text + Axes, "recipe.yaml", ["seed=18"], ["prune.scope=layer,global"], []);
        var frozen = SweepFile.Parse(sweep.Text, "frozen.yaml", [], [], []);

        Assert.Equal(16, sweep.Points.Length);
        Assert.Equal(sweep.Points.Select(point => point.File.Recipe), frozen.Points.Select(point => point.File.Recipe));
        Assert.Equal(sweep.Points.Select(point => point.ToString()), frozen.Points.Select(point => point.ToString()));
        Assert.Equal(sweep.Text, frozen.Text);
        Assert.EndsWith(
            """
            sweep:
              prune.ratio: [0, 2.5e-1]
              zip: { regularize.top_k: [{ from: 2, to: 1 }, null], regularize.steps: [3, 4] }
              data.facts.path: ["a, b.jsonl", "it's }.jsonl"]
              prune.scope: [layer, global]

            """,
            sweep.Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "sweep:\n  prune.ratoi: [0, 0.5]\n  prun.scope: [layer]\n  prune.ratio: [0.25, much, 1.5]\n",
        """
        recipe.yaml(13,9): unknown key 'ratoi' in prune
            prune.ratoi: [0, 0.5]
                  ^^^^^
          Did you mean 'ratio'?
        recipe.yaml(14,3): unknown stage 'prun'
            prun.scope: [layer]
            ^^^^
          Did you mean 'prune'?
        recipe.yaml(15,23): prune.ratio must be a number, not 'much'
            prune.ratio: [0.25, much, 1.5]
                                ^^^^
        recipe.yaml(15,29): prune.ratio must be at least 0 and below 1, not 1.5
            prune.ratio: [0.25, much, 1.5]
                                      ^^^
        """)]
    [InlineData(
        "sweep: { prune.ratio: 0.5, prune.keep: [], name: [a, b], prune: [1], count.batch: [1, 1] }\n",
        """
        recipe.yaml(12,23): prune.ratio must be a list of values, not '0.5'
            sweep: { prune.ratio: 0.5, prune.keep: [], name: [a, b], prune: [1], count.batch: [1, 1] }
                                  ^^^
          Write prune.ratio: [0, 0.25, 0.5].
        recipe.yaml(12,40): prune.keep must be a list of values, not an empty one
            sweep: { prune.ratio: 0.5, prune.keep: [], name: [a, b], prune: [1], count.batch: [1, 1] }
                                                   ^
          Write prune.ratio: [0, 0.25, 0.5].
        recipe.yaml(12,44): 'name' can't be swept
            sweep: { prune.ratio: 0.5, prune.keep: [], name: [a, b], prune: [1], count.batch: [1, 1] }
                                                       ^^^^
          Sweep keys of stages, data paths, the model or the seed.
        recipe.yaml(12,58): 'prune' is a stage
            sweep: { prune.ratio: 0.5, prune.keep: [], name: [a, b], prune: [1], count.batch: [1, 1] }
                                                                     ^^^^^
          Name one of its keys: prune.key.
        recipe.yaml(12,87): count.batch has the value 1 twice
            sweep: { prune.ratio: 0.5, prune.keep: [], name: [a, b], prune: [1], count.batch: [1, 1] }
                                                                                                  ^
        """)]
    [InlineData(
        "sweep:\n  zip: { prune.ratio: [0, 0.5], prune.scope: [layer] }\n  prune.ratio: [0.25]\n",
        """
        recipe.yaml(13,33): prune.scope has 1 values, prune.ratio has 2
            zip: { prune.ratio: [0, 0.5], prune.scope: [layer] }
                                          ^^^^^^^^^^^
          Values that change together come in lists of one length.
        recipe.yaml(14,3): prune.ratio is swept twice
            prune.ratio: [0.25]
            ^^^^^^^^^^^
        """)]
    [InlineData(
        "sweep:\n  zip: { prune.ratio: [0.5, 0.5, 0.5], prune.scope: [layer, global, layer] }\n",
        """
        recipe.yaml(13,34): prune.ratio, prune.scope has the value 0.5, layer twice
            zip: { prune.ratio: [0.5, 0.5, 0.5], prune.scope: [layer, global, layer] }
                                           ^^^
        """)]
    [InlineData(
        "sweep: 0.5\n",
        """
        recipe.yaml(12,8): sweep must be a mapping of keys, not '0.5'
            sweep: 0.5
                   ^^^
          Write prune.ratio: [0, 0.25, 0.5].
        """)]
    [InlineData(
        "sweep: { zip: [], prune.keep: [6] }\n",
        """
        recipe.yaml(12,15): zip must be a mapping of keys, not a list
            sweep: { zip: [], prune.keep: [6] }
                          ^
          Write below it the keys whose values change together, each with its list.
        recipe.yaml(12,32): prune.keep and prune.ratio exclude each other
            sweep: { zip: [], prune.keep: [6] }
                                           ^
          Give the share to drop, or the number to keep.
        """)]
    public void Tells_every_fault_once_where_it_stands(string axes, string faults)
    {
        Assert.Equal(faults, Assert.Throws<RecipeException>(() => Read(axes)).Message);
    }

    [Theory]
    [InlineData(
        "prune.ratio=0.25,1.5",
        """
        --over prune.ratio=0.25,1.5: prune.ratio must be at least 0 and below 1, not 1.5
            --over prune.ratio=0.25,1.5
                                    ^^^
        """)]
    [InlineData(
        "prune.ratio",
        """
        --over prune.ratio: a value is missing
            --over prune.ratio
            ^^^^^^^^^^^^^^^^^^
          Write --over stage.key=value,value.
        """)]
    [InlineData(
        "prune=1",
        """
        --over prune=1: 'prune' is a stage
            --over prune=1
                   ^^^^^
          Name one of its keys: --over prune.key=value.
        """)]
    public void Blames_the_option_when_it_is_wrong(string over, string faults)
    {
        Assert.Equal(faults, Assert.Throws<RecipeException>(() => SweepFile.Parse(Example.Text, "recipe.yaml", [], [over], [])).Message);
    }

    [Fact]
    public void Refuses_more_points_than_anybody_meant()
    {
        var seeds = string.Join(", ", Enumerable.Range(0, 101));
        var fault = Assert.Throws<RecipeException>(() => Read($"sweep:\n  seed: [{seeds}]\n  prune.min_experts: [{string.Join(", ", Enumerable.Range(0, 10))}]\n"));

        Assert.StartsWith("recipe.yaml(13,3): the sweep has 1010 points\n", fault.Message, StringComparison.Ordinal);
    }

    private static SweepFile Read(string axes) => SweepFile.Parse(Example.Text + axes, "recipe.yaml", [], [], []);

    private static (string, double?) Prune(SweepPoint point) => point.File.Recipe.Step<PruneStep>() is { } prune ? (prune.Criterion.Name, prune.Ratio) : default;
}
