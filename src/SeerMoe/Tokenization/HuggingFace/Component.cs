using System.Text.Json;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>
/// A component of a tokenizer.json under the name by which it is refused: "pre_tokenizer Split". Whatever of it is not understood is an
/// error: ids that are a little wrong look like a model that is a little worse.
/// </summary>
internal readonly record struct Component(string Role, JsonElement Json)
{
    public string? Type => Json.Type();

    public string Name => $"{Role} {Type ?? "null"}";

    /// <summary>The components of a Sequence, of Sequences in it too; else the one itself; none where it is null.</summary>
    public static IEnumerable<Component> Flatten(string role, JsonElement? json, string listKey) => json is not { } one ? []
        : one.Type() == "Sequence" ? new Component(role, one).Known(listKey).Json.GetProperty(listKey).EnumerateArray().SelectMany(item => Flatten(role, item, listKey))
        : [new Component(role, one)];

    /// <summary>Refuses keys beside type and these.</summary>
    public Component Known(params ReadOnlySpan<string> keys)
    {
        foreach (var property in Json.EnumerateObject())
        {
            if (property.Name != "type" && !keys.Contains(property.Name))
            {
                throw With(property.Name);
            }
        }

        return this;
    }

    public NotSupportedException Unsupported() => new(Name);

    public NotSupportedException With(string what) => new($"{Name} with {what}");

    /// <summary>The one character of a text; more than one is no replacement.</summary>
    public char Character(string key) => Json.Text(key) is [var character] ? character : throw With($"{key} of several characters");

    /// <summary>The pattern that is a plain string, null where it is a regular expression.</summary>
    public string? LiteralPattern() => Json.GetProperty("pattern").Optional("String")?.GetString();
}
