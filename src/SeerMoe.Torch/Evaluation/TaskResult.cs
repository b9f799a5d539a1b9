namespace SeerMoe.Torch.Evaluation;

/// <summary>What one task measured; null where the task's form has no such number.</summary>
/// <remarks>Definitions follow lm-evaluation-harness; standard errors are those of the mean over documents.</remarks>
public sealed record TaskResult
{
    /// <summary>Version of the task's definition.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Questions, documents or lines scored.</summary>
    public long N { get; init; }

    /// <summary>Share of questions whose most likely choice is right.</summary>
    public double? Acc { get; init; }

    public double? AccStderr { get; init; }

    /// <summary>The same, log-likelihoods divided by the Unicode code points of the choice.</summary>
    public double? AccNorm { get; init; }

    public double? AccNormStderr { get; init; }

    /// <summary>The same, divided by the UTF-8 bytes of the choice.</summary>
    public double? AccBytes { get; init; }

    public double? AccBytesStderr { get; init; }

    /// <summary>Longest input of a rolling window, tokens.</summary>
    public int? Window { get; init; }

    /// <summary>Tokens predicted.</summary>
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
}
