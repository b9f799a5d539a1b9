using SeerMoe.Tokenization;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Calibration;

/// <summary>
/// Turns a data file into sequences. Documents of text and jsonl are joined by the end-of-text token and cut into
/// windows, so that no forward pass is spent on padding; `tokens` lines stay as they are.
/// <code>
/// documents      [a b c] [d e] [f g h i]            window 4
/// joined          a b c § d e § f g h i §
/// sequences      [a b c §] [d e § f] [g h i §]      the last one may be shorter
/// </code>
/// </summary>
public static class CalibrationText
{
    /// <param name="source">What to read.</param>
    /// <param name="tokenizer">Opens the model's tokenizer; called only for text and jsonl.</param>
    /// <param name="vocabularySize">V, to check ids against.</param>
    /// <param name="window">Tokens a sequence for text and jsonl.</param>
    /// <param name="limit">Real tokens at most; the sequence that crosses it is cut. Null is all.</param>
    public static IEnumerable<TokenSequence> Read(TextSource source, Func<ITokenizer> tokenizer, int vocabularySize, int window, long? limit = null)
    {
        var sequences = source.Format == TextFormat.Tokens
            ? TokenLines.Read(source.Path, vocabularySize)
            : Windows(Documents.Read(source).Select(document => document.Text), tokenizer(), window);
        long taken = 0;
        foreach (var sequence in sequences)
        {
            var left = (limit ?? long.MaxValue) - taken;
            if (left <= 0)
            {
                yield break;
            }

            var cut = sequence.RealTokens <= left ? sequence : FirstReal(sequence, left);
            taken += cut.RealTokens;
            yield return cut;
        }
    }

    private static IEnumerable<TokenSequence> Windows(IEnumerable<string> documents, ITokenizer tokenizer, int window)
    {
        var pending = new List<int>();
        foreach (var document in documents)
        {
            pending.AddRange(tokenizer.Encode(document));
            if (tokenizer.EndOfText is { } end)
            {
                pending.Add(end);
            }

            var start = 0;
            for (; pending.Count - start >= window; start += window)
            {
                yield return new TokenSequence([.. pending.GetRange(start, window)]);
            }

            pending.RemoveRange(0, start);
        }

        if (pending.Count > 0)
        {
            yield return new TokenSequence([.. pending]);
        }
    }

    private static TokenSequence FirstReal(TokenSequence sequence, long count)
    {
        var end = 0;
        for (long real = 0; real < count; end++)
        {
            real += sequence.IsReal(end) ? 1 : 0;
        }

        return new TokenSequence(sequence.Ids[..end], sequence.Mask?[..end]);
    }
}
