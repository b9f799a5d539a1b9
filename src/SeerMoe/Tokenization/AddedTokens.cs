using System.Buffers;
using System.Text;

namespace SeerMoe.Tokenization;

/// <summary>
/// Cuts text at added tokens: leftmost first, then longest, as the matcher of Hugging Face tokenizers does.
/// <code>
/// tokens "&lt;s>", "  " and "    "      text "a&lt;s>     b"  ->  "a", &lt;s>, "    ", " b"
/// </code>
/// </summary>
internal sealed class AddedTokens
{
    private readonly SearchValues<string> _contents;
    private readonly Dictionary<char, AddedToken[]> _longestFirst;

    /// <param name="tokens">Of two with the same content the first one counts; an empty one is never found.</param>
    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        AddedToken[] all = [.. tokens.Where(token => token.Content.Length > 0)];
        _contents = SearchValues.Create(all.Select(token => token.Content).ToArray(), StringComparison.Ordinal);
        _longestFirst = all.GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
    }

    /// <summary>The text in order, in pieces that leave nothing out.</summary>
    public IEnumerable<TextCut> Cut(string text)
    {
        var end = 0; // of the last piece
        for (var from = 0; Find(text, from) is { } match; from = match.Start + match.Token.Content.Length)
        {
            if (match.Token.Has(AddedTokenOptions.SingleWord) && !StandsAlone(text, match))
            {
                continue;
            }

            var (start, stop) = Stripped(text, match, end);
            if (start > end)
            {
                yield return new TextCut(end, start - end, null);
            }

            if (stop > start) // else all of it was white space that another one took
            {
                yield return new TextCut(start, stop - start, match.Token.Id);
                end = stop;
            }
        }

        if (end < text.Length)
        {
            yield return new TextCut(end, text.Length - end, null);
        }
    }

    private (int Start, AddedToken Token)? Find(string text, int from)
    {
        var start = text.AsSpan(from).IndexOfAny(_contents);
        if (start < 0)
        {
            return null;
        }

        start += from;
        return (start, Array.Find(_longestFirst[text[start]], token => text.AsSpan(start).StartsWith(token.Content, StringComparison.Ordinal)));
    }

    // The white space before a token may have gone to the token before it.
    private static (int Start, int Stop) Stripped(string text, (int Start, AddedToken Token) match, int end)
    {
        var (start, stop) = (match.Start, match.Start + match.Token.Content.Length);
        if (match.Token.Has(AddedTokenOptions.StripLeft))
        {
            start = Math.Max(end, text.AsSpan(0, start).TrimEnd().Length);
        }

        if (match.Token.Has(AddedTokenOptions.StripRight))
        {
            stop = text.Length - text.AsSpan(stop).TrimStart().Length;
        }

        return (start, stop);
    }

    private static bool StandsAlone(string text, (int Start, AddedToken Token) match)
    {
        var behind = match.Start + match.Token.Content.Length;
        return (match.Start == 0 || Rune.DecodeLastFromUtf16(text.AsSpan(0, match.Start), out var before, out _) != OperationStatus.Done || !WordCharacters.Contains(before))
            && (behind == text.Length || Rune.DecodeFromUtf16(text.AsSpan(behind), out var after, out _) != OperationStatus.Done || !WordCharacters.Contains(after));
    }
}

/// <summary>A piece of a text: an added token with its id, or what lies between two of them.</summary>
internal readonly record struct TextCut(int Start, int Length, int? Id);
