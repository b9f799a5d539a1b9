using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Testing;

namespace SeerMoe.Recipes.Tests.Yaml;

/// <summary>What `seer schema` prints, held against recipes by a validator that knows nothing of this tool.</summary>
public class TheSchemaOfRecipes
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(RecipeSchema.Text);

    public static TheoryData<string> Recipes =>
    [
        .. ((string[])["recipes", "examples"])
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*.yaml", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "runs")) // what an example leaves when it is built in its place
            .Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Recipes))]
    public void Takes_every_recipe_of_the_repository(string path)
    {
        var text = File.ReadAllText(Repository.Path(path));

        Assert.True(IsValid(text), path);
        var named = text.Split('\n')[0].Split("$schema=")[1];
        Assert.Equal(Repository.Path("recipes", RecipeSchema.FileName), Path.GetFullPath(named, Path.GetDirectoryName(Repository.Path(path))!));
    }

    [Fact]
    public void Takes_a_recipe_of_every_stage_and_its_canonical_form()
    {
        Assert.True(IsValid(Example.Text));
        Assert.True(IsValid(RecipeYaml.Write(Example.Read(Example.Text))));
    }

    [Fact]
    public void Stands_beside_the_recipes_as_it_is() =>
        Assert.Equal(RecipeSchema.Text, File.ReadAllText(Repository.Path("recipes", RecipeSchema.FileName)));

    [Theory]
    [InlineData("ratio: 0.25", "ratoi: 0.25")]
    [InlineData("ratio: 0.25", "ratio: 1")]
    [InlineData("ratio: 0.25", "ratio: \"0.25\"")]
    [InlineData("criterion: soft", "criterion: sofft")]
    [InlineData("scope: global", "scope: everywhere")]
    [InlineData("steps: 200", "steps: 0")]
    [InlineData("steps: 200", "steps: 1.5")]
    [InlineData("at: 0.5", "at: 1.5")]
    [InlineData("from: 2, ", "")]
    [InlineData("name: quickstart\n", "")]
    [InlineData("name: quickstart", "name: quick start")]
    [InlineData("model: ../tiny-moe", "model: /models/tiny-moe")]
    [InlineData("format: choices", "format: choise")]
    [InlineData("- count: ", "- cuont: ")]
    [InlineData("data: calibration, tokens: 65536", "tokens: 65536")]
    [InlineData("compare: [base, random]", "compare: [bass]")]
    [InlineData("seed: 17", "seed: -1")]
    [InlineData("stages:\n", "sweep: { prune.ratoi: [0.5] }\nstages:\n")]
    [InlineData("stages:\n", "sweep: { prune.ratio: [1.5] }\nstages:\n")]
    [InlineData("stages:\n", "sweep: { name: [a, b] }\nstages:\n")]
    public void Refuses_what_the_reader_refuses(string old, string replacement)
    {
        var text = Example.With(old, replacement);

        Assert.ThrowsAny<RecipeException>(() => RecipeYaml.ParseSweep(text, "recipe.yaml", [], [], []));
        Assert.False(IsValid(text));
    }

    [Theory]
    [InlineData("ratio: 0.25", "ratio: 0.25, min_experts: 2")]
    [InlineData("compare: [base, random]", "compare: base, limit: 5")]
    [InlineData("tasks: [calibration, facts]", "tasks: [facts, { task: generation, data: calibration, prompts: 4 }]")]
    [InlineData("stages:\n", "sweep: { prune.ratio: [0.25, 0.5], zip: { seed: [1, 2], regularize.top_k.at: [0.5, 1] } }\nstages:\n")]
    [InlineData("stages:\n", "sweep: { data.calibration.path: [a.jsonl, b.jsonl] }\nstages:\n")]
    public void Takes_what_the_reader_takes(string old, string replacement)
    {
        var text = Example.With(old, replacement);

        Assert.NotEmpty(RecipeYaml.ParseSweep(text, "recipe.yaml", [], [], []).Points);
        Assert.True(IsValid(text));
    }

    [Fact]
    public void Shows_the_meaning_the_range_and_the_default_of_a_key()
    {
        var tokens = JsonNode.Parse(RecipeSchema.Text)!["$defs"]!["regularize"]!["properties"]!["window"]!;

        Assert.Equal("""{"description":"Tokens a sequence.","type":"integer","minimum":2,"default":256}""", tokens.ToJsonString());
    }

    private static bool IsValid(string yaml)
    {
        var reading = new Reading();
        var root = YamlReader.Read(SourceText.OfFile("recipe.yaml", yaml), reading);
        using var instance = JsonDocument.Parse(Json(root!)!.ToJsonString());
        return Schema.Evaluate(instance.RootElement).IsValid;
    }

    /// <summary>The JSON that YAML's core schema makes of it.</summary>
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Json(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { Quoted: true } text => JsonValue.Create(text.Text),
        YamlScalar { IsNull: true } => null,
        YamlScalar { Text: "true" or "false" } flag => JsonValue.Create(flag.Text == "true"),
        YamlScalar word when double.TryParse(word.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlScalar word => JsonValue.Create(word.Text),
        _ => throw new InvalidOperationException(node.Described),
    };
}
