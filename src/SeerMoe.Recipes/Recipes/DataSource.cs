using SeerMoe.Torch.Calibration;

namespace SeerMoe.Recipes;

/// <summary>What a data file of a recipe holds.</summary>
public enum DataFormat
{
    /// <summary>UTF-8 plain text.</summary>
    Text,

    /// <summary>One JSON object a line, its text in a field.</summary>
    JsonLines,

    /// <summary>One JSON object a line with `input_ids`.</summary>
    Tokens,

    /// <summary>Multiple choice, one JSON object a line: `question`, `choices`, `answer`.</summary>
    Choices,

    /// <summary>A folder, in which a task looks for its files.</summary>
    Folder,
}

/// <summary>A data file or folder under the name by which steps ask for it.</summary>
/// <param name="Name">Unique in its recipe.</param>
/// <param name="Path">Relative to the recipe's folder.</param>
/// <param name="Format">What the file holds.</param>
/// <param name="Field">The field that holds the text (jsonl only).</param>
public sealed record DataSource(string Name, string Path, DataFormat Format = DataFormat.Text, string Field = DataSource.DefaultField)
{
    public const string DefaultField = "text";

    /// <summary>The field whose text stands before that of <see cref="Field"/>, and is no part of what a training learns (jsonl only); null for none.</summary>
    public string? PromptField { get; init; }

    /// <summary>The same file as the engine reads it.</summary>
    public TextSource At(string fullPath) => new(
        fullPath,
        Format switch
        {
            DataFormat.Text => TextFormat.Text,
            DataFormat.Tokens => TextFormat.Tokens,
            DataFormat.Choices => TextFormat.Choices,
            _ => TextFormat.JsonLines,
        },
        Field) { PromptField = PromptField };
}
