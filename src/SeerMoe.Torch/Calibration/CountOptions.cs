namespace SeerMoe.Torch.Calibration;

/// <summary>What `count` reads and how it batches it.</summary>
public sealed record CountOptions
{
    /// <summary>Tokens to count at most; null counts all of the data.</summary>
    public long? Tokens { get; init; }

    /// <summary>Tokens a sequence for text and jsonl: documents are joined by the end-of-text token and cut into windows.</summary>
    public int Window { get; init; } = 512;

    /// <summary>Sequences a forward pass.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Count this part of the data only; null counts it whole.</summary>
    public Slice? Slice { get; init; }
}
