namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class ARecipeThatIsNotPlainYaml
{
    [Theory]
    [InlineData(
        "ratio: 0.25 }",
        "ratio: 0.25",
        """
        recipe.yaml(10,3): not YAML: the text breaks off or continues in a way that can't be parsed
            - regularize: { data: calibration, steps: 200, entropy_weight: 0.1, top_k: { from: 2, to: 1, schedule: step, at: 0.5 }, ...
            ^
        """)]
    [InlineData(
        "seed: 17",
        "seed: &s 17",
        """
        recipe.yaml(2,7): anchors and aliases are not part of a recipe
            seed: &s 17
                  ^^^^^
          Write the value out where it is used.
        """)]
    [InlineData(
        "seed: 17",
        "seed: *s",
        """
        recipe.yaml(2,7): anchors and aliases are not part of a recipe
            seed: *s
                  ^^
          Write the value out where it is used.
        """)]
    [InlineData(
        "seed: 17",
        "seed: !!int 17",
        """
        recipe.yaml(2,7): the tag 'tag:yaml.org,2002:int' is not part of a recipe
            seed: !!int 17
                  ^^^^^^^^
          Write the value alone.
        """)]
    [InlineData(
        "seed: 17",
        "seed: 17\n---\nname: b",
        """
        recipe.yaml(3,1): a recipe is one YAML document
            ---
            ^^^
          Put a second recipe into a file of its own.
        """)]
    [InlineData(
        "seed: 17",
        "\tseed: 17",
        """
        recipe.yaml(1,7): not YAML: while scanning a plain scalar, found a tab character that violate indentation
            name: quickstart
                  ^
        """)]
    public void Is_refused_with_its_position(string line, string broken, string faults)
    {
        Assert.Equal(faults, Example.Faults(Example.With(line, broken)));
    }

    [Fact]
    public void Is_refused_when_nested_without_end()
    {
        Assert.StartsWith("recipe.yaml(1,23): nested more than 16 deep", Example.Faults("name: " + new string('[', 500_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_refused_when_it_has_too_many_values()
    {
        Assert.StartsWith("recipe.yaml(5000,7): more than 10000 values", Example.Faults(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a{i}:\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_not_told_every_one_of_a_thousand_faults()
    {
        var text = Example.Text + string.Concat(Enumerable.Range(0, 1000).Select(i => $"key{i}: 1\n"));

        Assert.Equal("and 900 more", Example.Faults(text).Split('\n')[^1]);
    }

    [Fact]
    public void Is_refused_when_it_is_too_large()
    {
        Assert.StartsWith("recipe.yaml(1,1): a recipe is at most 1 MB", Example.Faults("name: " + new string('a', 2_000_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Never_fails_in_another_way_than_with_a_position()
    {
        var random = new Random(17);
        const string Letters = "{}[]:,-#&*!|>'\"%@`\t\n ab1.\\\0\u2028";
        for (var n = 0; n < 20_000; n++)
        {
            var text = Example.Text.ToCharArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            var broken = new string(text)[..random.Next(text.Length)];
            var faults = Record.Exception(() => Example.Read(broken));

            Assert.True(faults is null or RecipeException { Diagnostics: [{ Place: not null }, ..] }, $"{faults}\n{broken}");
        }
    }
}
