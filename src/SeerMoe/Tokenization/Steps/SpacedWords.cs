namespace SeerMoe.Tokenization.Steps;

/// <summary>
/// Cuts text before each word where that changes no id: in a vocabulary whose tokens have "▁" at their beginning only, nothing merges
/// across the boundary between another character and "▁", so the words before and behind it may be merged alone, and remembered.
/// <code>
/// "▁the▁▁cat"  ->  "▁the", "▁▁cat"      ("▁▁" may be a token, "e▁" is none)
/// </code>
/// </summary>
internal sealed class SpacedWords(IEncodingStep next) : IEncodingStep
{
    public const char Space = '▁';

    private readonly RememberedPieces _remembered = new(next);

    /// <summary>"▁" behind another character: with such a token the words can't be merged alone.</summary>
    public static bool HasSpaceWithin(ReadOnlySpan<char> token) => token.TrimStart(Space).Contains(Space);

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var start = 0;
        while (start < text.Length)
        {
            var length = WordLength(text[start..]);
            if (length == text.Length)
            {
                next.Encode(text, ids);
                return;
            }

            _remembered.Encode(text.Slice(start, length), ids);
            start += length;
        }
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var begin = text.IndexOfAnyExcept(Space);
        var length = begin < 0 ? -1 : text[begin..].IndexOf(Space);
        return length < 0 ? text.Length : begin + length;
    }
}
