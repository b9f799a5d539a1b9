namespace SeerMoe.Torch.Evaluation;

/// <summary>All questions of a subject, summed up.</summary>
/// <param name="form">Multiple choice, or a likelihood.</param>
public sealed class QuestionTally(TaskForm form)
{
    private readonly List<Judgement> _judged = [];
    private readonly DivergenceSum _divergence = new();

    /// <summary>One question.</summary>
    /// <param name="scores">Of its options.</param>
    public void Add(Judgement judgement, ReadOnlySpan<Score> scores)
    {
        _judged.Add(judgement);
        foreach (var score in scores)
        {
            _divergence.Add(score);
        }
    }

    /// <summary>Question by question.</summary>
    public Answers Answers => form == TaskForm.LogLikelihood
        ? new Answers([.. _judged.Select(judged => (int)judged.ExactMatch)], [.. _judged.Select(judged => judged.ExactMatch > 0)])
        : new Answers([.. _judged.Select(judged => judged.Chosen)], [.. _judged.Select(judged => judged.Acc > 0)]);

    /// <summary>Every metric of the form.</summary>
    public TaskResult Result() => (form == TaskForm.LogLikelihood ? Likelihood() : Choice()) with { N = _judged.Count, Tokens = _divergence.Tokens, KlToBase = _divergence.Mean };

    private TaskResult Choice() => new()
    {
        Acc = Mean(judged => judged.Acc),
        AccStderr = Error(judged => judged.Acc),
        AccNorm = Mean(judged => judged.AccNorm),
        AccNormStderr = Error(judged => judged.AccNorm),
        AccBytes = Mean(judged => judged.AccBytes),
        AccBytesStderr = Error(judged => judged.AccBytes),
        ExactMatch = Mean(judged => judged.ExactMatch),
        ExactMatchStderr = Error(judged => judged.ExactMatch),
    };

    /// <summary>acc is greediness; perplexity is exp of the mean negative log-likelihood of a whole word, its error linearised.</summary>
    private TaskResult Likelihood()
    {
        var perplexity = Math.Exp(-Mean(judged => judged.LogLikelihood));
        return new TaskResult
        {
            Acc = Mean(judged => judged.ExactMatch),
            AccStderr = Error(judged => judged.ExactMatch),
            Perplexity = double.IsFinite(perplexity) ? perplexity : null,
            PerplexityStderr = double.IsFinite(perplexity) ? perplexity * Error(judged => judged.LogLikelihood) : null,
        };
    }

    private double Mean(Func<Judgement, double> metric) => _judged.Average(metric);

    private double? Error(Func<Judgement, double> metric) => StandardError.OfMean([.. _judged.Select(metric)]);
}
