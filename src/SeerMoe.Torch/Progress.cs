namespace SeerMoe.Torch;

/// <summary>How far a long piece of work is.</summary>
/// <param name="What">What is counted, in a few words: "tokens counted".</param>
/// <param name="Done">How many of it are done.</param>
/// <param name="Total">How many there will be; 0 where nobody knows.</param>
public readonly record struct Progress(string What, long Done, long Total)
{
    /// <summary>What can be said of the last of them: "loss 0.739, entropy 1.467, top-2"; null for nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>Tokens that went through the model so far; 0 where that is not told.</summary>
    public long Tokens { get; init; }

    /// <summary>The layer that a long pass has come to, from 1; 0 between two passes.</summary>
    public int Layer { get; init; }

    /// <summary>How many layers there are, where <see cref="Layer"/> is told.</summary>
    public int Layers { get; init; }

    /// <summary>Something worth knowing that happened meanwhile, in a sentence of its own; null for nothing, and nothing else is told with it.</summary>
    public string? Notice { get; init; }

    /// <summary>Whether both are told of one piece of work, and this one later.</summary>
    public bool Continues(Progress earlier) => What == earlier.What && Total == earlier.Total && (Done > earlier.Done || (Done == earlier.Done && Layer > 0));
}
