using System.Buffers;
using System.Text;

namespace SeerMoe.Tokenization;

/// <summary>
/// A stretch of text that normalization form C may change: code points that are not settled, with the settled one before them. A settled
/// code point never joins what stands before it, so the text around the stretch stays as it is.
/// <code>
/// "cafe" U+0301 " au lait"   ->   "e" U+0301, at 3, two long
/// </code>
/// </summary>
internal readonly record struct UnsettledRun(int Start, int End)
{
    private static readonly SearchValues<char> MaybeUnsettled = SearchValues.Create(
    [
        .. Enumerable.Range(0, char.MaxValue + 1).Where(unit => unit is >= 0xD800 and <= 0xDBFF || IsUnsettled(unit)).Select(unit => (char)unit),
    ]);

    /// <summary>The next one from here on; null for text that is settled, which is nearly all text.</summary>
    public static UnsettledRun? Find(string text, int from)
    {
        while (text.AsSpan(from).IndexOfAny(MaybeUnsettled) is >= 0 and var next)
        {
            var at = from + next;
            var codePoint = CodePoint(text, at, out var length);
            if (IsUnsettled(codePoint))
            {
                return new UnsettledRun(Before(text, at), EndOf(text, at + length));
            }

            from = at + length;
        }

        return null;
    }

    private static int Before(string text, int at) => at == 0 ? 0 : at > 1 && char.IsSurrogatePair(text[at - 2], text[at - 1]) ? at - 2 : at - 1;

    private static int EndOf(string text, int at)
    {
        while (at < text.Length && IsUnsettled(CodePoint(text, at, out var length)))
        {
            at += length;
        }

        return at;
    }

    private static int CodePoint(string text, int at, out int length)
    {
        var rune = Rune.TryGetRuneAt(text, at, out var found) ? found : Rune.ReplacementChar;
        length = rune.Utf16SequenceLength;
        return rune.Value;
    }

    // Vowels and finals of Hangul join by arithmetic, the rest by the table.
    private static bool IsUnsettled(int codePoint) =>
        codePoint is (>= 0x1161 and <= 0x1175) or (>= 0x11A8 and <= 0x11C2) || CanonicalMappings.Unicode.IsUnsettled(codePoint);
}
