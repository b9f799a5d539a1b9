using System.Text;
using System.Text.RegularExpressions;

namespace SeerMoe.Tokenization.Steps;

/// <summary>The characters and classes of an Oniguruma pattern in .NET's language, and through what the pattern must see a text.</summary>
internal sealed class OnigurumaCharacters(string pattern)
{
    // Of one meaning in both: white space, digits, line ends, and the general categories.
    private static readonly Regex SharedEscape = new(@"\G\\([sSdDrntf]|u[0-9A-Fa-f]{4}|[pP]\{[LMNPSZC][a-z]?\}|[^\p{L}\p{N}\uD800-\uDFFF])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    // Of several letters that one character stands for, without regard to case: ß, ﬆ, ﬀ, ﬁ, ﬂ.
    private static readonly string[] Ligatures = ["ss", "st", "ff", "fi", "fl"];

    private readonly List<(int First, int Last)> _beyond = [];
    private bool _asksForCategories;
    private bool _namesStandIns;

    /// <summary>Of what is read next.</summary>
    public bool IgnoresCase { get; set; }

    /// <summary>Categories are seen through characters of the same category, names beyond U+FFFF through characters of their own: not both.</summary>
    public StandIns StandIns() =>
        _asksForCategories && _beyond.Count > 0 ? throw Unsupported("characters beyond U+FFFF beside categories")
        : _asksForCategories && _namesStandIns ? throw Unsupported("rare letters beside categories")
        : _asksForCategories ? Steps.StandIns.ByCategory
        : Steps.StandIns.ByRange(_beyond);

    /// <summary>One character or escape outside a class.</summary>
    public string ReadOne(ref int at)
    {
        if (IgnoresCase && Ligatures.Contains(pattern.Substring(at, Math.Min(2, pattern.Length - at)), StringComparer.OrdinalIgnoreCase))
        {
            throw Unsupported("letters that have a ligature, without regard to case");
        }

        var (text, codePoint) = ReadItem(ref at);
        return codePoint is not { } one ? text
            : IgnoresCase && one is 's' or 'S' ? "[s\u017F]"
            : Named(one, one, text);
    }

    /// <summary>A whole class in brackets.</summary>
    public string ReadClass(ref int at)
    {
        var output = new StringBuilder("[");
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            output.Append('^');
            at++;
        }

        for (var isFirst = true; at < pattern.Length && (isFirst || pattern[at] != ']'); isFirst = false)
        {
            if (pattern[at] is '[' or ']' || pattern.AsSpan(at).StartsWith("&&"))
            {
                throw Unsupported("a class in a class");
            }

            output.Append(ReadRange(ref at));
        }

        at++;
        return output.Append(']').ToString();
    }

    public static NotSupportedException Unsupported(string what) => new($"pre_tokenizer Split by a pattern with {what}");

    private string ReadRange(ref int at)
    {
        var (text, first) = ReadItem(ref at);
        if (first is not { } from)
        {
            return text;
        }

        if (at + 1 >= pattern.Length || pattern[at] != '-' || pattern[at + 1] == ']')
        {
            return Named(from, from, text);
        }

        at++;
        var (lastText, last) = ReadItem(ref at);
        return last is { } to && to >= from ? Named(from, to, $"{text}-{lastText}") : throw Unsupported("a range that ends in a class");
    }

    // Null: an escape that stands for many.
    private (string Text, int? CodePoint) ReadItem(ref int at)
    {
        if (pattern[at] == '\\')
        {
            return ReadEscape(ref at);
        }

        if (!Rune.TryGetRuneAt(pattern, at, out var rune))
        {
            throw Unsupported("half a character");
        }

        at += rune.Utf16SequenceLength;
        return (rune.Value is '-' or '^' or '{' or '}' or ']' ? $"\\{rune}" : rune.ToString(), rune.Value);
    }

    private (string Text, int? CodePoint) ReadEscape(ref int at)
    {
        var escape = SharedEscape.Match(pattern, at);
        if (!escape.Success)
        {
            throw Unsupported($"the escape {pattern.AsSpan(at, Math.Min(2, pattern.Length - at))}");
        }

        at += escape.Length;
        _asksForCategories |= escape.Value[1] is 'p' or 'P' or 'd' or 'D';
        if (IgnoresCase && escape.Value[1] is 'p' or 'P')
        {
            throw Unsupported("categories without regard to case");
        }

        return (escape.Value, escape.Value[1] switch
        {
            's' or 'S' or 'd' or 'D' or 'p' or 'P' => null,
            'r' => '\r',
            'n' => '\n',
            't' => '\t',
            'f' => '\f',
            'u' => int.Parse(escape.Value.AsSpan(2), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture),
            var character => character,
        });
    }

    private string Named(int first, int last, string text)
    {
        if (IgnoresCase && last > 0x7F)
        {
            throw Unsupported("other letters than ASCII's, without regard to case");
        }

        if (IgnoresCase && (first <= 's' && last >= 's' || first <= 'S' && last >= 'S'))
        {
            return text + "\u017F";
        }

        if (last <= char.MaxValue)
        {
            _namesStandIns |= Steps.StandIns.AreOfCategories(first, last);
            return text;
        }

        var known = _beyond.IndexOf((first, last));
        if (known < 0 && (first <= char.MaxValue || _beyond.Exists(range => first <= range.Last && range.First <= last)))
        {
            throw Unsupported("ranges that overlap beyond U+FFFF");
        }

        if (known < 0)
        {
            _beyond.Add((first, last));
            known = _beyond.Count - 1;
        }

        return Steps.StandIns.OfRange(known).ToString();
    }
}
