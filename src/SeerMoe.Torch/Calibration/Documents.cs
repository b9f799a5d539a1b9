using System.Text.Json;

namespace SeerMoe.Torch.Calibration;

/// <summary>Documents of a text or jsonl file.</summary>
public static class Documents
{
    /// <exception cref="InputException">A line without the field, or whose field is no string; names file and line.</exception>
    public static IEnumerable<string> Read(TextSource source)
    {
        if (source.Format == TextFormat.Text)
        {
            yield return DataLines.ReadAll(source.Path);
            yield break;
        }

        foreach (var (number, line) in DataLines.Read(source.Path))
        {
            var whatToDo = $"Each line is a JSON object with its text in \"{source.Field}\" (--field names another).";
            var parsed = DataLines.Parse<JsonElement>(line, source.Path, number, whatToDo);
            yield return Whole(parsed, source)
                ?? throw new InputException($"The line has no text in \"{source.Field}\".", $"{source.Path}({number})", whatToDo);
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
