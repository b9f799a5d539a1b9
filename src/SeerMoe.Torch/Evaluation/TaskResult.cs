using System.Text.Json.Serialization;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>What one task measured; null where the task's form has no such number.</summary>
/// <remarks>Definitions follow lm-evaluation-harness; standard errors are those of the mean over documents.</remarks>
public sealed record TaskResult
{
    /// <summary>Version of the task's definition.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Questions, documents or lines scored.</summary>
    public long N { get; init; }

    /// <summary>Rows of the data file, where a document is made of several.</summary>
    public long? Rows { get; init; }

    /// <summary>Examples before each question; null for data of the user's own.</summary>
    public int? Shots { get; init; }

    /// <summary>The results that this one is part of; null where it stands for itself.</summary>
    public string? Group { get; init; }

    /// <summary>Share of questions whose most likely choice is right.</summary>
    public double? Acc { get; init; }

    public double? AccStderr { get; init; }

    /// <summary>The same, log-likelihoods divided by the Unicode code points of the choice.</summary>
    public double? AccNorm { get; init; }

    public double? AccNormStderr { get; init; }

    /// <summary>The same, divided by the UTF-8 bytes of the choice.</summary>
    public double? AccBytes { get; init; }

    public double? AccBytesStderr { get; init; }

    /// <summary>Share of questions whose right choice is the likeliest of all continuations, token by token.</summary>
    public double? ExactMatch { get; init; }

    public double? ExactMatchStderr { get; init; }

    /// <summary>Longest input of a rolling window, tokens.</summary>
    public int? Window { get; init; }

    /// <summary>Tokens predicted, those of every choice.</summary>
    public long? Tokens { get; init; }

    /// <summary>Negative log-likelihood, sum over predicted tokens, nats.</summary>
    public double? Nll { get; init; }

    /// <summary>exp(nll / tokens).</summary>
    public double? Perplexity { get; init; }

    public double? PerplexityStderr { get; init; }

    /// <summary>exp(nll / words).</summary>
    public double? WordPerplexity { get; init; }

    /// <summary>exp(nll / UTF-8 bytes).</summary>
    public double? BytePerplexity { get; init; }

    /// <summary>nll / bytes / ln 2.</summary>
    public double? BitsPerByte { get; init; }

    /// <summary>Different runs of four tokens among all runs of all continuations; see <see cref="Repetition"/>.</summary>
    public double? Distinct4 { get; init; }

    /// <summary>Share of a continuation's runs of four tokens that stood in it before, mean over continuations.</summary>
    public double? Repetition4 { get; init; }

    public double? Repetition4Stderr { get; init; }

    /// <summary>Share of continuations that repeat more than half of their runs.</summary>
    public double? Looping { get; init; }

    /// <summary>KL(base || this) of the predictions that scored tokens are read off, mean over <see cref="Tokens"/>, nats; null where there is no base.</summary>
    public double? KlToBase { get; init; }

    /// <summary>Question by question beside the base; null where there is none, or there are no questions.</summary>
    public PairedAnswers? Paired { get; init; }

    /// <summary>The numbers that are there, each with its error bar.</summary>
    [JsonIgnore]
    public IEnumerable<(TaskMetric Metric, double Value, double? Stderr)> Metrics =>
        new (TaskMetric Metric, double? Value, double? Stderr)[]
        {
            (TaskMetric.Acc, Acc, AccStderr),
            (TaskMetric.AccNorm, AccNorm, AccNormStderr),
            (TaskMetric.AccBytes, AccBytes, AccBytesStderr),
            (TaskMetric.ExactMatch, ExactMatch, ExactMatchStderr),
            (TaskMetric.Perplexity, Perplexity, PerplexityStderr),
            (TaskMetric.WordPerplexity, WordPerplexity, null),
            (TaskMetric.BytePerplexity, BytePerplexity, null),
            (TaskMetric.BitsPerByte, BitsPerByte, null),
            (TaskMetric.Distinct4, Distinct4, null),
            (TaskMetric.Repetition4, Repetition4, Repetition4Stderr),
            (TaskMetric.Looping, Looping, null),
        }
        .SelectMany(metric => metric.Value is { } value ? [(metric.Metric, value, metric.Stderr)] : Array.Empty<(TaskMetric, double, double?)>());

    /// <summary>The one number by which a task is judged: accuracy, repetition or perplexity.</summary>
    [JsonIgnore]
    public Headline Headline => (Acc, Repetition4) switch
    {
        ({ } accuracy, _) => new Headline("accuracy", accuracy, AccStderr, Better.Higher),
        (_, { } repetition) => new Headline("repetition", repetition, Repetition4Stderr, Better.Lower),
        _ => new Headline("perplexity", Perplexity, PerplexityStderr, Better.Lower),
    };

    /// <summary>The same with the metrics that a task reports.</summary>
    public TaskResult Only(IReadOnlyList<TaskMetric> metrics)
    {
        T? If<T>(TaskMetric metric, T? value) => metrics.Contains(metric) ? value : default;
        return this with
        {
            Acc = If(TaskMetric.Acc, Acc),
            AccStderr = If(TaskMetric.Acc, AccStderr),
            AccNorm = If(TaskMetric.AccNorm, AccNorm),
            AccNormStderr = If(TaskMetric.AccNorm, AccNormStderr),
            AccBytes = If(TaskMetric.AccBytes, AccBytes),
            AccBytesStderr = If(TaskMetric.AccBytes, AccBytesStderr),
            ExactMatch = If(TaskMetric.ExactMatch, ExactMatch),
            ExactMatchStderr = If(TaskMetric.ExactMatch, ExactMatchStderr),
            Perplexity = If(TaskMetric.Perplexity, Perplexity),
            PerplexityStderr = If(TaskMetric.Perplexity, PerplexityStderr),
            WordPerplexity = If(TaskMetric.WordPerplexity, WordPerplexity),
            BytePerplexity = If(TaskMetric.BytePerplexity, BytePerplexity),
            BitsPerByte = If(TaskMetric.BitsPerByte, BitsPerByte),
        };
    }
}
