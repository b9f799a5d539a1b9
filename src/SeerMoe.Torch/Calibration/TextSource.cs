namespace SeerMoe.Torch.Calibration;

/// <summary>How a data file holds its text.</summary>
public enum TextFormat
{
    /// <summary>UTF-8 plain text: one document.</summary>
    Text,

    /// <summary>One JSON object a line, its text in a field: one document a line.</summary>
    JsonLines,

    /// <summary>One JSON object a line with `input_ids`, optionally `attention_mask`: one sequence a line, as it stands.</summary>
    Tokens,

    /// <summary>One JSON object a line: `question`, `choices`, `answer`. Training alone reads it, the question as a prompt.</summary>
    Choices,
}

/// <summary>A data file, how to read it, and the field that holds the text (jsonl only).</summary>
public sealed record TextSource(string Path, TextFormat Format = TextFormat.Text, string Field = "text")
{
    /// <summary>The field whose text stands before that of <see cref="Field"/> and is not learned (jsonl, training); null for none.</summary>
    public string? PromptField { get; init; }
}
