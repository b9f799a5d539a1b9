using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// A recipe as a JSON Schema (draft 2020-12), made of the same forms that read it, so that editors complete and check recipes. It knows
/// what a single key shows; what several keys show together (names of data, order of stages) only a reading finds.
/// </summary>
public static class RecipeSchema
{
    /// <summary>The file that recipes name in their first line.</summary>
    public const string FileName = "recipe.schema.json";

    /// <summary>Ends with a line break.</summary>
    public static string Text { get; } = SeerJson.Text(Schema());

    private static JsonObject Schema()
    {
        JsonObject steps = new()
        {
            [CountStep.Key] = StepForms.Count.Schema(),
            [PruneStep.Key] = StepForms.Prune.Schema(),
            [RegularizeStep.Key] = StepForms.Regularize.Schema(),
            [EvaluateStep.Key] = StepForms.Evaluate.Schema(),
        };
        var schema = RecipeForms.Recipe.Schema();
        schema["properties"]![SweepAxes.Key] = Sweep((JsonObject)schema["properties"]!, steps);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A recipe of dotnet seer");
        schema["$defs"] = steps;
        return schema;
    }

    private static JsonObject Sweep(JsonObject recipe, JsonObject steps)
    {
        var axes = Axes(recipe, steps);
        var zip = Axes(recipe, steps);
        zip["description"] = "Axes whose values change together: the first of each, then the second of each.";
        ((JsonObject)axes["properties"]!).Insert(0, SweepAxes.Zip, zip);
        axes["description"] = "A run for every combination of these values: prune.ratio: [0, 0.25, 0.5].";
        return axes;
    }

    /// <summary>`prune.ratio: [..]` for every key of every step; those of the recipe itself and of data.</summary>
    private static JsonObject Axes(JsonObject recipe, JsonObject steps)
    {
        var ofRecipe = recipe.Select(property => property.Key).Where(key => !SweepAxes.Fixed.Contains(key) && key != "data").Select(key => (Path: key, Reference: $"#/properties/{key}"));
        var ofSteps = steps.SelectMany(step => Paths(step.Key, $"#/$defs/{step.Key}", (JsonObject)step.Value!));
        var properties = ofRecipe.Concat(ofSteps).Select(axis => KeyValuePair.Create<string, JsonNode?>(axis.Path, Values(new JsonObject { ["$ref"] = axis.Reference })));
        return new JsonObject
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["properties"] = new JsonObject(properties),
            ["patternProperties"] = new JsonObject { [@"^data\."] = Values([]) },
            ["additionalProperties"] = false,
        };
    }

    private static IEnumerable<(string Path, string Reference)> Paths(string path, string reference, JsonObject schema) =>
        from property in (JsonObject?)schema["properties"] ?? []
        let inner = (Path: $"{path}.{property.Key}", Reference: $"{reference}/properties/{property.Key}")
        from found in Paths(inner.Path, inner.Reference, (JsonObject)property.Value!).Prepend(inner)
        select found;

    private static JsonObject Values(JsonObject item) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = item };
}
