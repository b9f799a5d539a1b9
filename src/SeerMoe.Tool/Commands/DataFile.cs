using SeerMoe.Recipes;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Tool.Commands;

/// <summary>The file behind --data or --train, with its --format and --field.</summary>
public static class DataFile
{
    public const string FormatHelp = "text, jsonl or tokens; default: jsonl for *.jsonl, else text.";

    public const string FieldHelp = "The field that holds the text of jsonl; default: text.";

    /// <param name="path">As given.</param>
    /// <param name="format">As given; null is jsonl for a name that ends so, else text.</param>
    /// <param name="field">As given; null is `text`.</param>
    /// <exception cref="InputException">No such file, no such format, or a field of a format that has none.</exception>
    public static TextSource Source(string path, string? format, string? field) =>
        Source(path, format, field, promptField: null, [.. RecipeWords.Formats.Where(choice => choice.Value is not (DataFormat.Choices or DataFormat.Folder))]);

    /// <summary>The same for a training, which also reads prompts and questions.</summary>
    public static TextSource TrainingSource(string path, string? format, string? field, string? promptField) =>
        Source(path, format, field, promptField, [.. RecipeWords.Formats.Where(choice => choice.Value != DataFormat.Folder)]);

    private static TextSource Source(string path, string? format, string? field, string? promptField, IReadOnlyList<(string Word, DataFormat Value)> formats)
    {
        if (!File.Exists(path))
        {
            throw new InputException("There is no such data file.", path, "Name a file of text, jsonl or tokens.");
        }

        var isLines = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        var chosen = Choice.Of("--format", format ?? (isLines ? "jsonl" : "text"), formats);
        return chosen == DataFormat.JsonLines || (field ?? promptField) is null
            ? new DataSource("", path, chosen, field ?? DataSource.DefaultField) { PromptField = promptField }.At(path)
            : throw new InputException("Only jsonl has fields.", field is null ? "--prompt-field" : "--field", "Leave it out, or give --format jsonl.");
    }
}
