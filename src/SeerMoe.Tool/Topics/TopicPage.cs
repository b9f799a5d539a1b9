using System.Text;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Tool.Topics;

/// <summary>Plain text that no terminal of 96 columns folds: paragraphs, rows of a word and its meaning, and examples as they are.</summary>
internal sealed class TopicPage
{
    public const int Width = 96;
    private const string Margin = "  ";

    private readonly StringBuilder _text = new();

    public TopicPage Paragraph(string text)
    {
        Space();
        Folded("", text);
        return this;
    }

    public TopicPage Rows(string title, IEnumerable<(string Word, string Meaning)> rows)
    {
        Space();
        Folded("", title);
        var all = rows.ToList();
        var width = all.Max(row => row.Word.Length);
        all.ForEach(row => Folded($"{Margin}{row.Word.PadRight(width)}{Margin}", row.Meaning));
        return this;
    }

    /// <summary>Each key with what it means, what it takes, and what it is where it is left out.</summary>
    public TopicPage Keys(string title, IEnumerable<RecipeKey> keys) => Rows(title, keys.Select(key => (key.Name, Meaning(key))));

    /// <summary>Lines as they are; only what is too long goes on in a line of its own, further in.</summary>
    public TopicPage Example(string title, IEnumerable<string> lines)
    {
        Space();
        Folded("", title);
        foreach (var line in lines)
        {
            Folded($"{Margin}{line[..^line.TrimStart().Length]}", line.TrimStart(), further: "    ");
        }

        return this;
    }

    public override string ToString() => _text.ToString();

    private static string Meaning(RecipeKey key)
    {
        // A sentence that explains its words need not be followed by them.
        string[] choices = key.Choices.All(word => key.Meaning.Contains(word, StringComparison.Ordinal)) ? [] : [string.Join(", ", key.Choices)];
        string[] standing = key.IsRequired ? ["required"] : key.Default is { } value ? [$"default {value}"] : [];
        string[] notes = [.. choices, .. standing];
        return notes.Length == 0 ? key.Meaning : $"{key.Meaning} ({string.Join("; ", notes)})";
    }

    private void Space() => _text.Append(_text.Length == 0 ? "" : "\n");

    /// <summary>The words of a text behind a beginning, in lines that are indented as far; runs of spaces within it stay.</summary>
    private void Folded(string beginning, string text, string further = "")
    {
        var line = beginning;
        var indent = new string(' ', beginning.Length) + further;
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length > Width && line.Trim().Length > 0)
            {
                _text.Append(line.TrimEnd()).Append('\n');
                line = indent;
            }

            line += $"{word} ";
        }

        _text.Append(line.TrimEnd()).Append('\n');
    }
}
