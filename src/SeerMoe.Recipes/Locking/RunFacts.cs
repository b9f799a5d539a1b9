using System.Text.Json.Nodes;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Recipes.Locking;

/// <summary>One thing that a run was told or found, and is different now; null where it is absent.</summary>
/// <param name="Field">`regularize.steps`, `environment.libtorch`, `input data/text.txt`.</param>
public sealed record ChangedFact(string Field, string? Before, string? Now)
{
    public override string ToString() => $"{Field} was {Before ?? "absent"}, now {Now ?? "absent"}";
}

/// <summary>Everything that goes into a run, as names and values that a person can compare.</summary>
public static class RunFacts
{
    /// <summary>Every option of a recipe by the name that --set takes.</summary>
    public static SortedDictionary<string, string> Of(Recipe recipe)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten(facts, "", RecipeForms.Recipe.Write(recipe));
        return facts;
    }

    /// <summary>The digests of all inputs.</summary>
    public static SortedDictionary<string, string> OfInputs(RunLock runLock) =>
        new(runLock.Inputs.ToDictionary(input => $"input {input.Path}", input => $"sha256 {input.Sha256}", StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Versions, device class, precision.</summary>
    public static SortedDictionary<string, string> Of(EnvironmentInfo environment)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten(facts, "environment", System.Text.Json.JsonSerializer.SerializeToNode(environment, SeerJson.Line)!);
        return facts;
    }

    /// <summary>What differs, ordinal by name.</summary>
    public static IEnumerable<ChangedFact> Differences(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) => before.Keys
        .Union(now.Keys, StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Select(field => new ChangedFact(field, before.GetValueOrDefault(field), now.GetValueOrDefault(field)))
        .Where(fact => fact.Before != fact.Now);

    private static void Flatten(SortedDictionary<string, string> facts, string path, JsonNode value)
    {
        switch (value)
        {
            case JsonObject mapping:
                foreach (var (key, inner) in mapping.Where(pair => pair.Value is not null))
                {
                    Flatten(facts, path.Length == 0 ? key : $"{path}.{key}", inner!);
                }

                break;

            // A stage is an item of one key: people know it as that key.
            case JsonArray list when list.Count > 0 && list.All(item => item is JsonObject { Count: 1 }):
                list.ToList().ForEach(item => Flatten(facts, "", item!));
                break;
            default:
                facts[path] = value.ToJsonString(SeerJson.Line).Trim('"');
                break;
        }
    }
}
