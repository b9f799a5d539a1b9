namespace SeerMoe.Recipes.Tests.Yaml;

/// <summary>A recipe that uses every stage, and a way to change one line of it.</summary>
internal static class Example
{
    public const string Text =
        """
        name: quickstart
        seed: 17
        model: ../tiny-moe
        data:
          calibration: { path: calibration.jsonl, format: jsonl, field: body }
          facts: { path: facts.jsonl, format: choices }
        stages:
          - count:      { data: calibration, tokens: 65536, window: 256 }
          - prune:      { criterion: soft, scope: global, ratio: 0.25 }
          - regularize: { data: calibration, steps: 200, entropy_weight: 0.1, top_k: { from: 2, to: 1, schedule: step, at: 0.5 }, tune: all }
          - evaluate:   { tasks: [calibration, facts], compare: [base, random] }

        """;

    public static string With(string old, string replacement)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        return Text.Replace(old, replacement, StringComparison.Ordinal);
    }

    public static Recipe Read(string text, params string[] overrides) => RecipeFile.Parse(text, "recipe.yaml", overrides).Recipe;

    /// <summary>Everything that is said about a recipe that is wrong.</summary>
    public static string Faults(string text, params string[] overrides) =>
        Assert.Throws<RecipeException>(() => Read(text, overrides)).Message;
}
