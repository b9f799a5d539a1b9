namespace SeerMoe.Torch.Evaluation;

/// <summary>All questions of a subject, summed up.</summary>
public sealed class QuestionTally
{
    private readonly List<Judgement> _judged = [];

    public void Add(Judgement judgement) => _judged.Add(judgement);

    /// <summary>Every metric of the form.</summary>
    public TaskResult Result(TaskForm form) => form == TaskForm.LogLikelihood ? Likelihood() : Choice();

    private TaskResult Choice() => new()
    {
        N = _judged.Count,
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
            N = _judged.Count,
            Acc = Mean(judged => judged.ExactMatch),
            AccStderr = Error(judged => judged.ExactMatch),
            Perplexity = double.IsFinite(perplexity) ? perplexity : null,
            PerplexityStderr = double.IsFinite(perplexity) ? perplexity * Error(judged => judged.LogLikelihood) : null,
        };
    }

    private double Mean(Func<Judgement, double> metric) => _judged.Average(metric);

    private double? Error(Func<Judgement, double> metric) => StandardError.OfMean([.. _judged.Select(metric)]);
}
