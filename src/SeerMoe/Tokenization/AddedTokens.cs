using System.Text.RegularExpressions;

namespace SeerMoe.Tokenization;

/// <summary>Cuts text at added tokens: leftmost first, then longest, as the trie of Hugging Face tokenizers does.</summary>
internal sealed class AddedTokens(IReadOnlyDictionary<string, int> idOfContent)
{
    private readonly Regex? _anyToken = idOfContent.Count == 0
        ? null
        : new Regex(string.Join('|', LongestFirst(idOfContent.Keys).Select(Regex.Escape)), RegexOptions.CultureInvariant);

    /// <summary>The text in order, in pieces: added tokens with their id, what lies between without.</summary>
    public IEnumerable<(string Text, int? Id)> Cut(string text)
    {
        var start = 0;
        for (var match = _anyToken?.Match(text); match is { Success: true }; match = match.NextMatch())
        {
            if (match.Index > start)
            {
                yield return (text[start..match.Index], null);
            }

            yield return (match.Value, idOfContent[match.Value]);
            start = match.Index + match.Length;
        }

        if (start < text.Length)
        {
            yield return (text[start..], null);
        }
    }

    private static IEnumerable<string> LongestFirst(IEnumerable<string> contents) =>
        contents.OrderByDescending(content => content.Length).ThenBy(content => content, StringComparer.Ordinal);
}
