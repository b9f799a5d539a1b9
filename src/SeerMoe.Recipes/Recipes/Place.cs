namespace SeerMoe.Recipes;

/// <summary>Where something was written: a piece of one line of a recipe, or of a --set option.</summary>
/// <param name="Source">Path of the recipe, or the option as given.</param>
/// <param name="Line">From 1; 0 for an option.</param>
/// <param name="Column">From 1, in UTF-16 code units of <paramref name="Text"/>.</param>
/// <param name="Length">UTF-16 code units, at least 1.</param>
/// <param name="Text">The whole line.</param>
public sealed record Place(string Source, int Line, int Column, int Length, string Text)
{
    private const int Indent = 4;
    private const int Widest = 120;

    /// <summary>"recipe.yaml(12,18)".</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}({Line},{Column})";

    /// <summary>The line without its indentation, and carets below the piece; a long line is cut around it.</summary>
    public string Excerpt()
    {
        var start = Text.Length - Text.AsSpan().TrimStart().Length;
        if (Column - 1 - start > Widest / 2)
        {
            start = Column - 1 - (Widest / 2);
        }

        var line = Text.AsSpan(start).TrimEnd();
        line = line[..Math.Min(line.Length, Widest)];
        var offset = Math.Clamp(Column - 1 - start, 0, line.Length);
        var carets = Math.Clamp(Length, 1, Math.Max(1, line.Length - offset));
        return $"{new string(' ', Indent)}{line}\n{new string(' ', Indent + offset)}{new string('^', carets)}";
    }
}
