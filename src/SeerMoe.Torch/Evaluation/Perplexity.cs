using System.Text;
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
    /// <param name="where">What an error names.</param>
    /// <param name="done">Windows scored, of windows known so far.</param>
    /// <param name="scored">Told of each document, in order.</param>
    public static TaskResult OfDocuments(
        ScoredModel model, IEnumerable<Document> documents, string where, ITokenizer tokenizer, int window, Action<int, int>? done = null, Action<Document, Score>? scored = null)
    {
        var prefix = tokenizer.Prefix
            ?? throw new InputException("The tokenizer has neither a first nor a last token of a text.", "tokenizer_config.json", "Score token lines instead (--format tokens).");
        var sums = new List<(double Nll, double Tokens)>();
        var (words, bytes, rows, finished) = (0L, 0L, 0L, 0);
        foreach (var piece in Pieces(documents, document => RollingWindows.Of(tokenizer.Encode(document.Text), prefix, window)))
        {
            var scores = model.Score([.. piece.SelectMany(document => document.Windows)], (some, all) => done?.Invoke(finished + some, finished + all));
            finished += scores.Count;
            var next = 0;
            foreach (var (document, windows) in piece)
            {
                var own = scores.Skip(next).Take(windows.Count).ToList();
                next += windows.Count;
                sums.Add((-own.Sum(score => score.LogLikelihood), own.Sum(score => score.Tokens)));
                (words, bytes, rows) = (words + Words(document.Counted), bytes + Encoding.UTF8.GetByteCount(document.Counted), rows + (document.Row?.Lines ?? 1));
                scored?.Invoke(document, new Score(-sums[^1].Nll, (int)sums[^1].Tokens, own.TrueForAll(score => score.IsGreedy)));
            }
        }

        var result = Of(sums, where);
        return result with
        {
            Window = window,
            Rows = rows == result.N ? null : rows,
            WordPerplexity = Finite(Math.Exp(result.Nll!.Value / words)),
            BytePerplexity = Finite(Math.Exp(result.Nll.Value / bytes)),
            BitsPerByte = result.Nll.Value / bytes / Math.Log(2),
        };
    }

    /// <summary>Token lines: no prefix, the first token is not predicted, a prediction counts only if it and the token before it are real.</summary>
    public static TaskResult OfTokenLines(ScoredModel model, string path, int vocabularySize, int? limit, Action<int, int>? done = null)
    {
        List<ScoreRequest> requests = [.. TokenLines.Read(path, vocabularySize).Take(limit ?? int.MaxValue).Select(Request)];
        return Of([.. model.Score(requests, done).Select(score => (-score.LogLikelihood, (double)score.Tokens))], path);

        static ScoreRequest Request(TokenSequence sequence) =>
            new(sequence, [.. Enumerable.Range(0, sequence.Ids.Length).Select(sequence.IsPrediction)]);
    }

    /// <summary>Words as the harness counts them: the pieces between runs of white space, empty ones at either end included.</summary>
    public static int Words(string document) => WhiteSpace().Count(document) + 1;

    private static IEnumerable<IReadOnlyList<(Document Document, IReadOnlyList<ScoreRequest> Windows)>> Pieces(
        IEnumerable<Document> documents, Func<Document, IEnumerable<ScoreRequest>> windowsOf)
    {
        var piece = new List<(Document Document, IReadOnlyList<ScoreRequest> Windows)>();
        foreach (var document in documents)
        {
            piece.Add((document, [.. windowsOf(document)]));
            if (piece.Sum(one => one.Windows.Count) >= Chunk)
            {
                yield return piece;
                piece = [];
            }
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    private static TaskResult Of(IReadOnlyList<(double Nll, double Tokens)> documents, string path)
    {
        var (nll, tokens) = (documents.Sum(document => document.Nll), documents.Sum(document => document.Tokens));
        if (tokens == 0)
        {
            throw new InputException("Not one token of the data is predicted.", path, "Give lines of at least two real tokens, or documents that are not empty.");
        }

        var perplexity = Math.Exp(nll / tokens);
        return new TaskResult
        {
            N = documents.Count,
            Tokens = (long)tokens,
            Nll = nll,
            Perplexity = Finite(perplexity),
            PerplexityStderr = Finite(perplexity * StandardError.OfRatio(documents)),
        };
    }

    // exp overflows beyond 709 nats a word, which text without spaces reaches; JSON has no infinity.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    // Python's \s also matches the four separators U+001C..U+001F.
    [GeneratedRegex(@"[\s\u001c-\u001f]+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
