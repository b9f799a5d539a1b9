using System.Collections.Frozen;

namespace SeerMoe.Torch.Tasks;

/// <summary>A method that a template calls on a text: Python's of that name, or a cut. This is the whole list.</summary>
/// <param name="Arguments">Texts that it takes.</param>
internal sealed record TextMethod(int Arguments, Func<string, IReadOnlyList<string>, string> Apply)
{
    public static readonly FrozenDictionary<string, TextMethod> All = new Dictionary<string, TextMethod>
    {
        ["strip"] = new(0, (text, _) => PythonText.Strip(text)),
        ["lstrip"] = new(0, (text, _) => PythonText.StripLeft(text)),
        ["rstrip"] = new(0, (text, _) => PythonText.StripRight(text)),
        ["capitalize"] = new(0, (text, _) => PythonText.Capitalize(text)),
        ["replace"] = new(2, (text, with) => text.Replace(with[0], with[1], StringComparison.Ordinal)),
        ["before"] = new(1, (text, mark) => text[..First(text, mark[0])]),
        ["after"] = new(1, (text, mark) => text[(First(text, mark[0]) + mark[0].Length)..]),
        // Python's split(mark)[:-1] and [-1]: without the mark, nothing stands before it and everything after.
        ["before_last"] = new(1, (text, mark) => text[..Math.Max(0, text.LastIndexOf(mark[0], StringComparison.Ordinal))]),
        ["after_last"] = new(1, (text, mark) => text.LastIndexOf(mark[0], StringComparison.Ordinal) is var at and >= 0 ? text[(at + mark[0].Length)..] : text),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static int First(string text, string mark) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? at : throw new FormatException($"a text without '{mark}': {text}");
}
