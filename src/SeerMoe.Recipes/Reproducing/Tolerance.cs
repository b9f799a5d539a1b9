namespace SeerMoe.Recipes.Reproducing;

/// <summary>
/// How far a metric may be from that of another device or version. Rounding differs in the last bits; top-K routing and training
/// make more of it.
/// <code>
/// perplexity, bits    1 % of the value, 5 % where the precision differs too
/// accuracy            0.01, or twice the standard error of the difference, whichever is larger
/// </code>
/// </summary>
public static class Tolerance
{
    private const double OfLoss = 0.01;
    private const double OfLossInAnotherPrecision = 0.05;
    private const double OfAccuracy = 0.01;

    public static double Loss(double locked, bool samePrecision) => Math.Abs(locked) * (samePrecision ? OfLoss : OfLossInAnotherPrecision);

    /// <param name="locked">Standard error of the one accuracy; null where not known.</param>
    /// <param name="found">Of the other.</param>
    public static double Accuracy(double? locked, double? found) =>
        Math.Max(OfAccuracy, 2 * Math.Sqrt(((locked ?? 0) * (locked ?? 0)) + ((found ?? 0) * (found ?? 0))));
}
