namespace SeerMoe.Torch.Tasks;

/// <summary>What Python's str methods do, where .NET's differ: tasks are defined by them.</summary>
public static class PythonText
{
    /// <summary>Python also counts the four separators U+001C..U+001F.</summary>
    public static bool IsWhiteSpace(char letter) => char.IsWhiteSpace(letter) || letter is >= '\u001c' and <= '\u001f';

    public static string Strip(string text) => StripLeft(StripRight(text));

    public static string StripLeft(string text)
    {
        var start = 0;
        while (start < text.Length && IsWhiteSpace(text[start]))
        {
            start++;
        }

        return text[start..];
    }

    public static string StripRight(string text)
    {
        var end = text.Length;
        while (end > 0 && IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    /// <summary>The first letter upper, all others lower: "I'm in the USA" becomes "I'm in the usa".</summary>
    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();
}
