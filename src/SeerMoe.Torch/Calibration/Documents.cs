using System.Text.Json;

namespace SeerMoe.Torch.Calibration;

/// <summary>A document of a data file.</summary>
/// <param name="Where">`held-out.jsonl(12)`; the path alone of a file that is one document.</param>
/// <param name="Domain">The field `domain` of its line; null where there is none.</param>
public sealed record SourceDocument(string Text, string Where, string? Domain = null);

/// <summary>Documents of a text or jsonl file.</summary>
public static class Documents
{
    private const string DomainField = "domain";

    /// <exception cref="InputException">A line without the field, or whose field is no string; names file and line.</exception>
    public static IEnumerable<SourceDocument> Read(TextSource source)
    {
        if (source.Format == TextFormat.Text)
        {
            yield return new SourceDocument(DataLines.ReadAll(source.Path), source.Path);
            yield break;
        }

        foreach (var (number, line) in DataLines.Read(source.Path))
        {
            var whatToDo = $"Each line is a JSON object with its text in \"{source.Field}\" (--field names another).";
            var parsed = DataLines.Parse<JsonElement>(line, source.Path, number, whatToDo);
            var where = $"{source.Path}({number})";
            var text = Whole(parsed, source) ?? throw new InputException($"The line has no text in \"{source.Field}\".", where, whatToDo);
            yield return new SourceDocument(text, where, source.Field == DomainField ? null : TextOf(parsed, DomainField));
        }
    }

    // A prompt and its completion are one text to whoever does not learn from it.
    private static string? Whole(JsonElement line, TextSource source) =>
        source.PromptField is null ? TextOf(line, source.Field) : TextOf(line, source.PromptField) is { } prompt && TextOf(line, source.Field) is { } text ? prompt + text : null;

    private static string? TextOf(JsonElement line, string field)
    {
        try
        {
            return line.ValueKind == JsonValueKind.Object && line.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, "\ud800": no text in Unicode
        }
    }
}
