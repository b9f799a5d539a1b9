using System.Text;

namespace SeerMoe.Torch.Evaluation;

/// <summary>All documents of a task or a domain, summed up.</summary>
internal sealed class DocumentTally
{
    private readonly List<(double Nll, double Tokens)> _documents = [];
    private readonly DivergenceSum _divergence = new();
    private long _words;
    private long _bytes;
    private long _rows;

    public void Add(Document document, Score score)
    {
        Add(score);
        _words += Perplexity.Words(document.Counted);
        _bytes += Encoding.UTF8.GetByteCount(document.Counted);
        _rows += document.Row?.Lines ?? 1;
    }

    /// <summary>A line of tokens, of which nobody knows words and bytes.</summary>
    public void Add(Score score)
    {
        _documents.Add((-score.LogLikelihood, score.Tokens));
        _divergence.Add(score);
    }

    /// <param name="where">What an error names.</param>
    /// <exception cref="InputException">Nothing was predicted.</exception>
    public TaskResult Result(string where)
    {
        var (nll, tokens) = (_documents.Sum(document => document.Nll), _documents.Sum(document => document.Tokens));
        if (tokens == 0)
        {
            throw new InputException("Not one token of the data is predicted.", where, "Give lines of at least two real tokens, or documents that are not empty.");
        }

        var perplexity = Math.Exp(nll / tokens);
        return new TaskResult
        {
            N = _documents.Count,
            Rows = _rows == 0 || _rows == _documents.Count ? null : _rows,
            Tokens = (long)tokens,
            Nll = nll,
            Perplexity = Finite(perplexity),
            PerplexityStderr = Finite(perplexity * StandardError.OfRatio(_documents)),
            WordPerplexity = _words == 0 ? null : Finite(Math.Exp(nll / _words)),
            BytePerplexity = _words == 0 ? null : Finite(Math.Exp(nll / _bytes)),
            BitsPerByte = _words == 0 ? null : nll / _bytes / Math.Log(2),
            KlToBase = _divergence.Mean,
        };
    }

    // exp overflows beyond 709 nats a word, which text without spaces reaches; JSON has no infinity.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
