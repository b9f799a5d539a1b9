using System.Text.Json;
using System.Text.Json.Nodes;

namespace SeerMoe.Torch.Tasks;

/// <summary>
/// Where in a row a value stands: <c>question.choices.text</c>, <c>choices[0]</c>. A name asked of a list is asked of each item:
/// <code>
/// {"choices": [{"label": "A", "text": "red"}, {"label": "B", "text": "blue"}]}      choices.text   red, blue
/// </code>
/// </summary>
/// <param name="Steps">A name, or an index in brackets.</param>
internal sealed record FieldPath(IReadOnlyList<string> Steps)
{
    /// <exception cref="FormatException">There is no such value, or it is no text or number.</exception>
    public string Text(JsonObject fields) => Text(Find(fields));

    /// <exception cref="FormatException">There is no such value, or it is no list of texts.</exception>
    public IReadOnlyList<string> Texts(JsonObject fields) =>
        Find(fields) is JsonArray list ? [.. list.Select(Text)] : throw new FormatException($"'{this}' is not a list");

    public override string ToString() => string.Join('.', Steps).Replace(".[", "[", StringComparison.Ordinal);

    private JsonNode Find(JsonNode fields)
    {
        var at = fields;
        foreach (var step in Steps)
        {
            at = Step(at, step);
        }

        return at;
    }

    private JsonNode Step(JsonNode from, string step) => (from, step) switch
    {
        (JsonArray list, ['[', .. var index, ']']) => int.Parse(index) is var i && i < list.Count ? list[i] ?? throw Lack() : throw Lack(),
        (JsonArray list, _) => new JsonArray([.. list.Select(item => Step(item ?? throw Lack(), step).DeepClone())]),
        (JsonObject map, _) => map[step] ?? throw Lack(),
        _ => throw Lack(),
    };

    private string Text(JsonNode? value)
    {
        try
        {
            return value?.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
                _ => throw new FormatException($"'{this}' is neither a text nor a number"),
            };
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException($"'{this}' is no text in Unicode", error); // half of a surrogate pair, "\ud800"
        }
    }

    private FormatException Lack() => new($"it lacks '{this}'");
}
