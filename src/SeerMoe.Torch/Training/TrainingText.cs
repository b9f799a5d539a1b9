using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>How documents become sequences.</summary>
public enum Packing
{
    /// <summary>Joined and cut: no pass is spent on padding, and a sequence may hold several documents.</summary>
    Packed,

    /// <summary>A sequence holds one document, or a piece of one; shorter ones are padded.</summary>
    Padded,
}

/// <summary>
/// Turns a data file into the sequences of a training. Window 6, § the end of the text, capitals are learned:
/// <code>
/// text        packed   [A B C § D E] [F §]        padded   [A B C §] [D E F §]
/// prompts     packed   [a b C § d E] [§]          padded   [a b C §] [d E §]
/// </code>
/// A padded prompt with its completion that is longer than the window loses tokens on the left, where the prompt is.
/// </summary>
public static class TrainingText
{
    /// <param name="source">What to read.</param>
    /// <param name="tokenizer">Opens the model's tokenizer; not called for tokens.</param>
    /// <param name="vocabularySize">V, to check ids against.</param>
    /// <param name="window">Tokens a sequence; `tokens` lines stay as they are.</param>
    /// <param name="packing">Null packs text and pads prompts.</param>
    /// <exception cref="InputException">Bad data, or none with two real tokens in a row.</exception>
    public static IReadOnlyList<TokenSequence> Read(TextSource source, Func<ITokenizer> tokenizer, int vocabularySize, int window, Packing? packing)
    {
        var hasPrompts = source.Format == TextFormat.Choices || source.PromptField is not null;
        var sequences = (packing ?? (hasPrompts ? Packing.Padded : Packing.Packed), hasPrompts) switch
        {
            _ when source.Format == TextFormat.Tokens => TokenLines.Read(source.Path, vocabularySize),
            (Packing.Packed, false) => CalibrationText.Read(source, tokenizer, vocabularySize, window),
            (Packing.Packed, true) => Windows(Joined(PromptLines.Read(source, tokenizer())), window),
            (_, false) => Documents.Read(source).Select(document => document.Text).SelectMany(Pieces(tokenizer(), window)),
            (_, true) => PromptLines.Read(source, tokenizer()).Select(line => Piece(line, Math.Max(0, line.Ids.Length - window), line.Ids.Length)),
        };
        var learned = sequences.Where(sequence => Enumerable.Range(0, sequence.Ids.Length).Any(sequence.IsLearned)).ToList();
        return learned.Count > 0
            ? learned
            : throw new InputException("The training data has no two real tokens in a row.", source.Path, "Give more text.");
    }

    private static Func<string, IEnumerable<TokenSequence>> Pieces(ITokenizer tokenizer, int window) =>
        document => Windows(new TokenSequence([.. tokenizer.Encode(document), .. PromptLines.End(tokenizer)]), window);

    private static TokenSequence Joined(IEnumerable<TokenSequence> lines)
    {
        var all = lines.ToList();
        return new TokenSequence([.. all.SelectMany(line => line.Ids)]) { Learned = [.. all.SelectMany(line => line.Learned!)] };
    }

    private static IEnumerable<TokenSequence> Windows(TokenSequence whole, int window)
    {
        for (var start = 0; start < whole.Ids.Length; start += window)
        {
            yield return Piece(whole, start, Math.Min(start + window, whole.Ids.Length));
        }
    }

    private static TokenSequence Piece(TokenSequence whole, int start, int end) => new(whole.Ids[start..end]) { Learned = whole.Learned?[start..end] };
}
