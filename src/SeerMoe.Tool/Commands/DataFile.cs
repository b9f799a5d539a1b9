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
    public static TextSource Source(string path, string? format, string? field)
    {
        if (!File.Exists(path))
        {
            throw new InputException("There is no such data file.", path, "Name a file of text, jsonl or tokens.");
        }

        var isLines = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        var chosen = Choice.Of("--format", format ?? (isLines ? "jsonl" : "text"), [.. RecipeWords.Formats.Where(choice => choice.Value is not (DataFormat.Choices or DataFormat.Folder))]);
        return chosen == DataFormat.JsonLines || field is null
            ? new DataSource("", path, chosen, field ?? DataSource.DefaultField).At(path)
            : throw new InputException("Only jsonl has fields.", "--field", "Leave --field out, or give --format jsonl.");
    }
}
