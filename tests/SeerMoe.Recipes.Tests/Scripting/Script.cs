using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Tests.Scripting;

/// <summary>The recipe of <see cref="TinyProject"/> in C#, and ways to write another in its place.</summary>
internal sealed class Script : IDisposable
{
    public const string Text =
        """
        // A comment.
        Name = "tiny";
        Seed = 17;
        Model = "model"; Data("counted", "data/counted.jsonl", Tokens);
        Data("tokens", "data/tokens.jsonl", Tokens);
        Data("text", "data/text.txt");
        Data("facts", "data/facts.jsonl", Choices);
        Count(data: "counted", batch: 2, window: 64);
        Prune(criterion: "soft", scope: Scope.Layer, ratio: 0.25);
        Regularize(data: "text", steps: 3, batch: 2, window: 16, topK: TopK(from: 2, to: 1));
        Evaluate(tasks: ["tokens", "facts"], compare: [Comparison.Base, Comparison.Random], randomSeeds: 2, batch: 4);

        """;

    public TinyProject Project { get; } = new();

    public static string With(string old, string replacement)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        return Text.Replace(old, replacement, StringComparison.Ordinal);
    }

    public RecipeFile Load(string text, params string[] overrides)
    {
        File.WriteAllText(Project["recipe.csx"], text);
        return RecipeFile.Load(Project["recipe.csx"], overrides);
    }

    public RunPlan Plan(string text, params string[] overrides) => RunPlanner.Plan(Load(text, overrides), TinyProject.Cpu);

    /// <summary>Everything that is said about a script that is wrong, its folder left out.</summary>
    public string Faults(string text, params string[] overrides) =>
        Assert.Throws<RecipeException>(() => Plan(text, overrides)).Message.Replace(Project[""] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    public void Dispose() => Project.Dispose();
}
