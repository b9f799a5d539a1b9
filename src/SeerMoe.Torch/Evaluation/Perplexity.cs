using System.Text.RegularExpressions;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Perplexity of text (rolling windows) and of token lines (each as it stands). Definitions: lm-evaluation-harness.
/// <code>
/// perplexity = exp(nll / tokens)   word_perplexity = exp(nll / words)   bits_per_byte = nll / bytes / ln 2
/// </code>
/// </summary>
public static partial class Perplexity
{
    // Windows scored at a time: so many are in memory, whatever the number of documents.
    private const int Chunk = 4096;

    /// <summary>Documents of any number: windows are made and scored piece by piece.</summary>
    /// <param name="done">Windows scored, of windows known so far.</param>
    /// <param name="scored">Told of each document, in order.</param>
    internal static ByDomain<DocumentTally> OfDocuments(
        ScoredModel model, IEnumerable<Document> documents, ITokenizer tokenizer, int window, Action<int, int>? done = null, Action<Document, Score>? scored = null)
    {
        var prefix = tokenizer.Prefix
            ?? throw new InputException("The tokenizer has neither a first nor a last token of a text.", "tokenizer_config.json", "Score token lines instead (--format tokens).");
        var tallies = new ByDomain<DocumentTally>(() => new DocumentTally());
        var finished = 0;
        foreach (var piece in Pieces(documents, document => RollingWindows.Of(tokenizer.Encode(document.Text), prefix, window)))
        {
            var scores = model.Score([.. piece.SelectMany(document => document.Windows)], (some, all) => done?.Invoke(finished + some, finished + all));
            finished += scores.Count;
            var next = 0;
            foreach (var (document, windows) in piece)
            {
                var score = Together(scores.Skip(next).Take(windows.Count).ToList());
                next += windows.Count;
                foreach (var tally in tallies.Of(document.Domain))
                {
                    tally.Add(document, score);
                }

                scored?.Invoke(document, score);
            }
        }

        return tallies;
    }

    /// <summary>Token lines: no prefix, the first token is not predicted, a prediction counts only if it and the token before it are real.</summary>
    internal static DocumentTally OfTokenLines(ScoredModel model, string path, int vocabularySize, int? limit, Action<int, int>? done = null)
    {
        List<ScoreRequest> requests = [.. TokenLines.Read(path, vocabularySize).Take(limit ?? int.MaxValue).Select(Request)];
        var tally = new DocumentTally();
        foreach (var score in model.Score(requests, done))
        {
            tally.Add(score);
        }

        return tally;

        static ScoreRequest Request(TokenSequence sequence) =>
            new(sequence, [.. Enumerable.Range(0, sequence.Ids.Length).Select(sequence.IsPrediction)]);
    }

    /// <summary>Words as the harness counts them: the pieces between runs of white space, empty ones at either end included.</summary>
    public static int Words(string document) => WhiteSpace().Count(document) + 1;

    private static Score Together(IReadOnlyList<Score> windows) => new(windows.Sum(score => score.LogLikelihood), windows.Sum(score => score.Tokens), windows.All(score => score.IsGreedy))
    {
        KlToBase = windows.All(score => score.KlToBase is not null) ? windows.Sum(score => score.KlToBase) : null,
    };

    private static IEnumerable<IReadOnlyList<(Document Document, IReadOnlyList<ScoreRequest> Windows)>> Pieces(
        IEnumerable<Document> documents, Func<Document, IEnumerable<ScoreRequest>> windowsOf)
    {
        var piece = new List<(Document Document, IReadOnlyList<ScoreRequest> Windows)>();
        var windows = 0;
        foreach (var document in documents)
        {
            piece.Add((document, [.. windowsOf(document)]));
            windows += piece[^1].Windows.Count;
            if (windows >= Chunk)
            {
                yield return piece;
                (piece, windows) = ([], 0);
            }
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    // Python's \s also matches the four separators U+001C..U+001F.
    [GeneratedRegex(@"[\s\u001c-\u001f]+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
