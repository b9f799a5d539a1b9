using System.Text.RegularExpressions;

namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// A regular expression that means code points, though .NET's see UTF-16 units: a character beyond the basic plane is matched
/// through one stand-in character, and the boundaries are carried back.
/// <code>
/// text   "a𝐁 𝟏!"   a D835 DC01 20 D835 DFCF 21      (𝐁 is a letter, 𝟏 a digit; a surrogate is neither)
/// seen   "aƁ ०!"   a 0181      20 0966      21
/// </code>
/// </summary>
internal sealed class CodePointPattern(Regex regex, StandIns? standIns)
{
    public Regex Regex { get; } = regex;

    public static CodePointPattern Literal(string text) => new(Compiled(Regex.Escape(text), RegexOptions.None), standIns: null);

    /// <param name="pattern">Ours: names no character beyond the basic plane, nor one of the stand-ins.</param>
    public static CodePointPattern OfCategories(string pattern) => new(Compiled(pattern, RegexOptions.None), StandIns.ByCategory);

    public static Regex Compiled(string pattern, RegexOptions options) => new(pattern, options | RegexOptions.Compiled | RegexOptions.CultureInvariant);

    /// <summary>No stand-in is needed.</summary>
    public bool SeesAsItIs(ReadOnlySpan<char> text) => standIns is null || text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    /// <summary>Writes what the expression is to see, and where each character of it begins in the text; gives its length.</summary>
    public int Write(ReadOnlySpan<char> text, Span<char> seen, Span<int> offsets)
    {
        var (length, offset) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            offsets[length] = offset;
            seen[length++] = rune.IsBmp ? (char)rune.Value : standIns!.Character(rune);
            offset += rune.Utf16SequenceLength;
        }

        offsets[length] = offset;
        return length;
    }
}
