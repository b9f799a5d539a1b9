namespace SeerMoe.Recipes.Yaml;

/// <summary>The text that YAML was read from: a file, or the value behind the `=` of a --set option.</summary>
internal sealed class SourceText
{
    private readonly string _name;
    private readonly string[] _lines;
    private readonly int _prefix;

    private SourceText(string name, string yaml, string[] lines, int prefix) => (_name, Yaml, _lines, _prefix) = (name, yaml, lines, prefix);

    /// <summary>What the parser reads.</summary>
    public string Yaml { get; }

    public static SourceText OfFile(string path, string text) => new(path, text, text.ReplaceLineEndings("\n").Split('\n'), prefix: 0);

    /// <summary>Reads what follows the first <paramref name="prefix"/> characters of `--set option`.</summary>
    public static SourceText OfOption(string option, int prefix) => new(option, option[prefix..], [option], prefix);

    /// <summary>The same for `a,b,c`, which is read as a list: the bracket stands where the `=` does.</summary>
    public static SourceText OfOptionList(string option, int prefix) => new(option, $"[{option[prefix..]}]", [option], prefix - 1);

    /// <summary>From <paramref name="line"/> and <paramref name="column"/> (both from 1) of the YAML, to the end where the end is on another line.</summary>
    public Place At(long line, long column, long endLine, long endColumn)
    {
        // An option that YAML reads as several lines is one line to its reader.
        var index = (int)Math.Clamp(line - 1, 0, _lines.Length - 1);
        var text = _lines[index];
        var start = (int)Math.Clamp(column + _prefix, 1, text.Length + 1);
        var length = endLine == line ? (int)(endColumn - column) : text.TrimEnd().Length - start + 1;
        return new Place(_name, IsOption ? 0 : index + 1, start, Math.Max(1, length), text);
    }

    private bool IsOption => _prefix > 0;
}
