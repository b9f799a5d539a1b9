namespace SeerMoe.Architectures;

/// <summary>What attention of a layer computes beside its projections: a query meets every key before it, and mixes as many values.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="ScoreDim">Elements of a query (and a key), a head.</param>
/// <param name="ValueDim">Elements of a value, a head.</param>
/// <param name="Window">Keys that a query meets at most, itself included; null for all.</param>
public sealed record AttentionCost(long Heads, long ScoreDim, long ValueDim, int? Window)
{
    /// <summary>Floating-point operations a token, mean over a sequence of <paramref name="length"/> tokens; a multiply and an add are two.</summary>
    /// <remarks>
    /// Position t meets min(t, window) keys. The mean over t = 1..L is taken as L / 2 (and (w L - w^2 / 2) / L behind a window),
    /// which leaves out half a key.
    /// </remarks>
    public double Flops(long length)
    {
        double keys = Window is { } window && window < length ? window - (window * (double)window / 2 / length) : length / 2.0;
        return 2 * keys * Heads * (ScoreDim + ValueDim);
    }
}
