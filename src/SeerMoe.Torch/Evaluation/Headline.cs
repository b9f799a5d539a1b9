namespace SeerMoe.Torch.Evaluation;

/// <summary>Which way a number should go.</summary>
public enum Better
{
    Higher,
    Lower,
}

/// <summary>The number of a result that tables show.</summary>
/// <param name="Name">`accuracy`, `repetition` or `perplexity`.</param>
/// <param name="Value">Null where it is beyond all numbers.</param>
/// <param name="Stderr">Null where it is not known.</param>
public sealed record Headline(string Name, double? Value, double? Stderr, Better Better);
