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
    /// <summary>Documents of a text or jsonl file.</summary>
    /// <param name="limit">Documents at most; null is all.</param>
    public static TaskResult OfDocuments(ScoredModel model, TextSource source, ITokenizer tokenizer, int window, int? limit, Action<int, int>? done = null, ScoreJournal? journal = null)
    {
        var prefix = tokenizer.Prefix
            ?? throw new InputException("The tokenizer has neither a first nor a last token of a text.", "tokenizer_config.json", "Score token lines instead (--format tokens).");
        string[] documents = [.. Documents.Read(source).Take(limit ?? int.MaxValue).Select(document => document.Replace("\r", string.Empty, StringComparison.Ordinal))];
        var requests = new List<ScoreRequest>();
        var owner = new List<int>();
        for (var i = 0; i < documents.Length; i++)
        {
            foreach (var request in RollingWindows.Of(tokenizer.Encode(documents[i]), prefix, window))
            {
                requests.Add(request);
                owner.Add(i);
            }
        }

        var scores = model.Score(requests, done, journal);
        var sums = new (double Nll, double Tokens)[documents.Length];
        for (var i = 0; i < scores.Count; i++)
        {
            sums[owner[i]].Nll -= scores[i].LogLikelihood;
            sums[owner[i]].Tokens += scores[i].Tokens;
        }

        var result = Of(sums, source.Path);
        var nll = sums.Sum(document => document.Nll);
        var bytes = documents.Sum(document => (double)Encoding.UTF8.GetByteCount(document));
        return result with
        {
            Window = window,
            WordPerplexity = Finite(Math.Exp(nll / documents.Sum(document => (double)Words(document)))),
            BytePerplexity = Finite(Math.Exp(nll / bytes)),
            BitsPerByte = nll / bytes / Math.Log(2),
        };
    }

    /// <summary>Token lines: no prefix, the first token is not predicted, a prediction counts only if it and the token before it are real.</summary>
    public static TaskResult OfTokenLines(ScoredModel model, string path, int vocabularySize, int? limit, Action<int, int>? done = null, ScoreJournal? journal = null)
    {
        List<ScoreRequest> requests = [.. TokenLines.Read(path, vocabularySize).Take(limit ?? int.MaxValue).Select(Request)];
        return Of([.. model.Score(requests, done, journal).Select(score => (-score.LogLikelihood, (double)score.Tokens))], path);

        static ScoreRequest Request(TokenSequence sequence) =>
            new(sequence, [.. Enumerable.Range(0, sequence.Ids.Length).Select(sequence.IsPrediction)]);
    }

    /// <summary>Words as the harness counts them: the pieces between runs of white space, empty ones at either end included.</summary>
    public static int Words(string document) => WhiteSpace().Count(document) + 1;

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
