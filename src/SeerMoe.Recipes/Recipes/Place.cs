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
    private const string Cut = "...";

    /// <summary>"recipe.yaml(12,18)".</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}({Line},{Column})";

    /// <summary>The line without its indentation, and carets below the piece; a long line is cut around it, an empty one has none.</summary>
    public string? Excerpt()
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            return null;
        }

        var line = Text.Replace('\t', ' ').TrimEnd();
        var indentation = line.Length - line.TrimStart().Length;
        var start = line.Length - indentation <= Widest ? indentation : Math.Max(indentation, Column - 1 - (Widest / 2));
        var (before, after) = (start > indentation ? Cut : "", line.Length - start > Widest ? Cut : "");
        var shown = line.Substring(start, Math.Min(Widest, line.Length - start));
        var offset = Math.Clamp(Column - 1 - start, 0, shown.Length);
        var carets = Math.Clamp(Length, 1, Math.Max(1, shown.Length - offset));
        return $"{new string(' ', Indent)}{before}{shown}{after}\n{new string(' ', Indent + before.Length + offset)}{new string('^', carets)}";
    }
}
