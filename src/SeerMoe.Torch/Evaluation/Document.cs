using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>A text of which every token is scored.</summary>
/// <param name="Text">What the model reads.</param>
/// <param name="Counted">What words and bytes are counted of: the same before it was edited.</param>
public sealed record Document(string Text, string Counted)
{
    public Document(string text)
        : this(text, text)
    {
    }

    /// <summary>The field `domain` of its line; null where there is none.</summary>
    public string? Domain { get; init; }

    /// <summary>What it was made of; null for a text of the user's own.</summary>
    public TaskRow? Row { get; init; }
}
