using SeerMoe.Recipes.Yaml;
using SeerMoe.Tool.Scaffolding;

namespace SeerMoe.Tool.Topics;

/// <summary>`seer help recipes`.</summary>
internal static class RecipesTopic
{
    public static string Text() => new TopicPage()
        .Paragraph("A recipe says what is done to which model with which data. Paths start at its folder; what it leaves out has a default; what it misspells is told with line, column and a suggestion.")
        .Example("Example: what 'dotnet seer new quickstart' writes, with a model and data to run it on", Example())
        .Keys("Keys", RecipeKey.OfRecipe)
        .Keys("An entry of data", RecipeKey.OfData)
        .Rows("Next",
        [
            ("dotnet seer plan RECIPE", "what 'run' would do, and what that costs"),
            ("dotnet seer run RECIPE --set prune.ratio=0.5", "changes a value for once"),
            ("dotnet seer sweep RECIPE --over prune.ratio=0.25,0.5", "every value, as 'sweep:' in a recipe"),
            ("dotnet seer help stages", "what may stand below 'stages'"),
            ("dotnet seer schema", "the keys as a JSON Schema, for editors"),
            ("dotnet seer new script", "a recipe in C#"),
        ])
        .ToString();

    private static IEnumerable<string> Example() => Scaffold.Quickstart.RecipeText
        .Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#');
}
