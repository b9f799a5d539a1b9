using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace SeerMoe.Tokenization;

/// <summary>
/// Splits text by a pattern that means code points, though .NET's regular expressions see UTF-16 units: a character beyond the
/// basic plane is matched through one stand-in of its general category, and the boundaries are carried back.
/// <code>
/// text    "a𝐁 𝟏!"   a D835 DC01 20 D835 DFCF 21      (𝐁 is a letter, 𝟏 a digit; a surrogate is neither)
/// matched "aƁ ०!"   a 0181      20 0966      21
/// </code>
/// </summary>
internal sealed class CodePointSplit(Regex pattern, SplitGaps gaps) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? Pieces(text) : PiecesByCodePoint(text);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private IEnumerable<(int Offset, int Length)> PiecesByCodePoint(string text)
    {
        var matched = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length + 1);
        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets.Add(offset);
            matched.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            offset += rune.Utf16SequenceLength;
        }

        offsets.Add(offset);
        foreach (var (start, length) in Pieces(matched.ToString()))
        {
            yield return (offsets[start], offsets[start + length] - offsets[start]);
        }
    }

    private IEnumerable<(int Offset, int Length)> Pieces(string text)
    {
        var end = 0;
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
        {
            if (match.Index > end && gaps == SplitGaps.Kept)
            {
                yield return (end, match.Index - end);
            }

            if (match.Length > 0)
            {
                yield return (match.Index, match.Length);
            }

            end = match.Index + match.Length;
        }

        if (end < text.Length && gaps == SplitGaps.Kept)
        {
            yield return (end, text.Length - end);
        }
    }

    // Rare enough in scripts that no pattern in use names them one by one.
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => 'Ɓ',
        UnicodeCategory.LowercaseLetter => 'ƀ',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => 'ƻ',
        UnicodeCategory.NonSpacingMark => '\u0900',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '०',
        UnicodeCategory.LetterNumber => 'Ⅰ',
        UnicodeCategory.OtherNumber => '৴',
        UnicodeCategory.DashPunctuation => '֊',
        UnicodeCategory.OtherPunctuation => '।',
        UnicodeCategory.MathSymbol => '϶',
        UnicodeCategory.CurrencySymbol => '৲',
        UnicodeCategory.ModifierSymbol => '\u02C2',
        UnicodeCategory.OtherSymbol => '৺',
        UnicodeCategory.Format => '\u06DD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378', // unassigned
    };
}

/// <summary>What becomes of text between two matches.</summary>
internal enum SplitGaps
{
    Kept,
    Removed,
}
