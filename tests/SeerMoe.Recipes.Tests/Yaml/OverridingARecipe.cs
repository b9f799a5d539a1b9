namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class OverridingARecipe
{
    [Fact]
    public void Replaces_a_value()
    {
        Assert.Equal(0.5, Example.Read(Example.Text, "prune.ratio=0.5").Step<PruneStep>()!.Ratio);
    }

    [Fact]
    public void Adds_a_value_that_was_not_written()
    {
        Assert.Equal(4, Example.Read(Example.Text, "count.batch=4").Step<CountStep>()!.Options.Batch);
    }

    [Fact]
    public void Reaches_keys_within_keys_and_keys_outside_the_stages()
    {
        var recipe = Example.Read(Example.Text, "regularize.top_k.at=0.75", "seed=18", "data.facts.path=other.jsonl");

        Assert.Equal(0.75, recipe.Step<RegularizeStep>()!.Options.TopK!.At);
        Assert.Equal(18, recipe.Seed);
        Assert.Equal("other.jsonl", recipe.Find("facts")!.Path);
    }

    [Fact]
    public void Takes_lists_and_mappings()
    {
        var recipe = Example.Read(Example.Text, "evaluate.tasks=[facts]", "regularize.top_k={ from: 1, to: 1 }");

        Assert.Equal(["facts"], recipe.Step<EvaluateStep>()!.Tasks.Select(task => task.Data));
        Assert.Equal(1, recipe.Step<RegularizeStep>()!.Options.TopK!.From);
    }

    [Fact]
    public void Unsets_a_value_with_nothing_behind_the_equals_sign()
    {
        var prune = Example.Read(Example.Text, "prune.ratio=", "prune.keep=6").Step<PruneStep>()!;

        Assert.Null(prune.Ratio);
        Assert.Equal(6, prune.Keep);
    }

    [Theory]
    [InlineData(
        "prune.ratoi=0.5",
        """
        --set prune.ratoi=0.5: unknown key 'ratoi' in prune
            --set prune.ratoi=0.5
                        ^^^^^
          Did you mean 'ratio'?
        """)]
    [InlineData(
        "prune.ratio=much",
        """
        --set prune.ratio=much: prune.ratio must be a number, not 'much'
            --set prune.ratio=much
                              ^^^^
        """)]
    [InlineData(
        "prune.ratio=1.5",
        """
        --set prune.ratio=1.5: prune.ratio must be at least 0 and below 1, not 1.5
            --set prune.ratio=1.5
                              ^^^
        """)]
    [InlineData(
        "prun.ratio=0.5",
        """
        --set prun.ratio=0.5: unknown stage 'prun'
            --set prun.ratio=0.5
                  ^^^^
          Did you mean 'prune'?
        """)]
    [InlineData(
        "prune=0.5",
        """
        --set prune=0.5: 'prune' is a stage
            --set prune=0.5
                  ^^^^^
          Name one of its keys: --set prune.key=value.
        """)]
    [InlineData(
        "prune.ratio",
        """
        --set prune.ratio: a value is missing
            --set prune.ratio
            ^^^^^^^^^^^^^^^^^
          Write --set stage.key=value.
        """)]
    [InlineData(
        "prune.ratio.x=1",
        """
        --set prune.ratio.x=1: 'ratio' holds '0.25', not keys
            --set prune.ratio.x=1
                        ^^^^^
        """)]
    [InlineData(
        "evaluate.tasks=[facts",
        """
        --set evaluate.tasks=[facts: not YAML: while parsing a flow sequence, did not find expected ',' or ']'
            --set evaluate.tasks=[facts
                                 ^
        """)]
    public void Blames_the_option_when_it_is_wrong(string option, string faults)
    {
        Assert.Equal(faults, Example.Faults(Example.Text, option));
    }

    [Fact]
    public void Refuses_options_of_a_stage_that_is_not_there()
    {
        Assert.Equal(
            """
            --set prune.ratio=0.5: the recipe has no stage 'prune'
                --set prune.ratio=0.5
                      ^^^^^
              Options can be set on stages that are there.
            """,
            Example.Faults("name: a\nmodel: m\ndata: { a: { path: a } }\nstages: [count: { data: a }]", "prune.ratio=0.5"));
    }
}
