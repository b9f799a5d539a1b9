using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>A key of a recipe for somebody who asks what may be written there: made of the forms that read it, as the schema is.</summary>
/// <param name="Name">"ratio", "top_k.from".</param>
/// <param name="Meaning">A sentence; see <see cref="KeyMeanings"/>.</param>
/// <param name="Choices">The words that it takes; empty where it takes anything else.</param>
/// <param name="Default">As it is written; null where leaving it out means nothing of the kind.</param>
/// <param name="IsRequired">Whether it can't be left out.</param>
public sealed record RecipeKey(string Name, string Meaning, IReadOnlyList<string> Choices, string? Default, bool IsRequired)
{
    /// <summary>Keys of the recipe itself.</summary>
    public static IReadOnlyList<RecipeKey> OfRecipe => Of(RecipeForms.Recipe.Schema());

    /// <summary>Keys of an entry of its data.</summary>
    public static IReadOnlyList<RecipeKey> OfData => Of(RecipeForms.Source.Schema());

    /// <summary>Stages, in the order in which they run, with their keys.</summary>
    public static IReadOnlyList<(string Stage, IReadOnlyList<RecipeKey> Keys)> OfStages { get; } =
    [
        (CountStep.Key, Of(StepForms.Count.Schema())),
        (PruneStep.Key, Of(StepForms.Prune.Schema())),
        (RegularizeStep.Key, Of(StepForms.Regularize.Schema())),
        (EvaluateStep.Key, Of(StepForms.Evaluate.Schema())),
    ];

    private static RecipeKey[] Of(JsonObject record, string prefix = "") =>
    [
        .. from property in (JsonObject)record["properties"]!
           let schema = (JsonObject)property.Value!
           let key = new RecipeKey(
               prefix + property.Key,
               (string)schema["description"]!,
               [.. Choosing(schema).Select(word => (string)word!)],
               schema["default"] is { } value and not (JsonArray { Count: 0 } or JsonObject { Count: 0 }) ? Written(value) : null,
               ((JsonArray)record["required"]!).Any(required => (string)required! == property.Key))
           from row in Inner(schema).SelectMany(inner => Of(inner, $"{key.Name}.")).Prepend(key)
           select row,
    ];

    /// <summary>The words of a choice, or of a list of choices.</summary>
    private static IEnumerable<JsonNode?> Choosing(JsonObject schema) =>
        (JsonArray?)schema["enum"] ?? Alternatives(schema).Select(alternative => (JsonArray?)alternative["enum"]).FirstOrDefault(words => words is not null) ?? [];

    /// <summary>The record that a key takes: itself, or an item of its list. One beside a choice is what frozen recipes hold, and nobody writes.</summary>
    private static IEnumerable<JsonObject> Inner(JsonObject schema) =>
        schema.ContainsKey("properties") ? [schema]
        : Choosing(schema).Any() ? []
        : Alternatives(schema).SelectMany(Inner).Take(1);

    private static IEnumerable<JsonObject> Alternatives(JsonObject schema) => ((JsonArray?)schema["anyOf"] ?? []).Select(alternative => (JsonObject)alternative!);

    private static string Written(JsonNode value) => value switch
    {
        JsonArray list => $"[{string.Join(", ", list.Select(item => Written(item!)))}]",
        JsonObject record => $"{{ {string.Join(", ", record.Select(pair => $"{pair.Key}: {Written(pair.Value!)}"))} }}",
        _ => value.ToString(),
    };
}
