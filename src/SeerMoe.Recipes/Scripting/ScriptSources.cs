using System.Text.RegularExpressions;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// A script and all that it loads, each read once. A source is named by its path from the script's folder, so that what is
/// compiled is the same wherever the folder stands; the script itself comes first.
/// </summary>
internal sealed partial class ScriptSources
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly string _path;

    private ScriptSources(string path)
    {
        _path = path;
        Folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Main = Path.GetFileName(path);
    }

    /// <summary>Full path of the script's folder.</summary>
    public string Folder { get; }

    /// <summary>The name of the script itself.</summary>
    public string Main { get; }

    /// <summary>Every source by name, ordinal.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => _texts.OrderBy(source => source.Key, StringComparer.Ordinal);

    /// <summary>Reads the script and, from file to file, what they load. What is not there is left for the compiler to tell.</summary>
    /// <exception cref="InputException">A file can't be read.</exception>
    public static ScriptSources Read(string path)
    {
        var sources = new ScriptSources(path);
        sources.Add(sources.Main, RecipeText.Read(path));
        return sources;
    }

    /// <summary>The text of a source; null where there is none of this name.</summary>
    public string? Find(string? name) => name is null ? null : _texts.GetValueOrDefault(name);

    /// <summary>The name of the file that <paramref name="from"/> calls <paramref name="path"/>.</summary>
    public string NameOf(string path, string? from)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Folder, from ?? Main))!;
        return Path.GetRelativePath(Folder, Path.GetFullPath(path, folder)).Replace('\\', '/');
    }

    /// <summary>A piece of a line, under the path by which the user knows the file; the whole line where <paramref name="length"/> is 0.</summary>
    public Place At(string name, int line, int column = 0, int length = 0)
    {
        var lines = (Find(name) ?? "").ReplaceLineEndings("\n").Split('\n');
        var text = lines[Math.Clamp(line - 1, 0, lines.Length - 1)];
        var start = length > 0 ? column : Math.Max(column, text.Length - text.TrimStart().Length + 1);
        var shown = Path.Combine(Path.GetDirectoryName(_path)!, name);
        return new Place(shown, line, start, length > 0 ? length : Math.Max(1, text.TrimEnd().Length - start + 1), text);
    }

    private void Add(string name, string text)
    {
        _texts.Add(name, text);
        foreach (var loaded in Loads().Matches(text).Select(load => NameOf(load.Groups["path"].Value, name)))
        {
            if (!_texts.ContainsKey(loaded) && File.Exists(Path.Combine(Folder, loaded)))
            {
                Add(loaded, RecipeText.Read(Path.Combine(Path.GetDirectoryName(_path)!, loaded)));
            }
        }
    }

    // May find a line within a comment too: a file more that decides about the cached script's key, and no harm.
    [GeneratedRegex(@"^[ \t]*#[ \t]*load[ \t]*""(?<path>[^""\r\n]+)""", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Loads();
}
