using System.Text;

namespace SeerMoe.Cards;

/// <summary>A table of a model card.</summary>
public static class MarkdownTable
{
    /// <param name="header">One a column; null for a table of names and values, which has no words above it.</param>
    /// <param name="rows">As long as the header.</param>
    public static string Of(IReadOnlyList<string>? header, IEnumerable<IReadOnlyList<string>> rows)
    {
        header ??= ["", ""];
        var text = new StringBuilder();
        Line(header);
        text.Append('|').Insert(text.Length, "---|", header.Count).Append('\n');
        foreach (var row in rows)
        {
            Line(row);
        }

        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
