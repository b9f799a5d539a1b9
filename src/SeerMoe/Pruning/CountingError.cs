using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>
/// By how much the difference of two experts' scores would vary over calibration texts of the same kind and length (one standard error),
/// as if tokens were drawn one by one. Tokens of one sequence resemble each other, so the true error is larger.
/// </summary>
/// <remarks>
/// D tokens; x, y what one token adds to the scores of i and j, of means m and n; d = m - n. Nothing but the sums is stored, so:
/// <code>
/// actual, one layer    x, y in {0, 1}, both with probability c / D (co-activation)    Var(x - y)  = m + n - 2 c / D - d^2
/// soft, one layer      x, y in [0, 1]: (x - y)^2 &lt;= |x - y| &lt;= x + y                 Var(x - y) &lt;= m + n - d^2
/// two layers           taken as independent; Var(x) &lt;= m (1 - m) for x in [0, 1]     Var(x - y) &lt;= m (1 - m) + n (1 - n)
/// </code>
/// The last is exact for actual counts. Error of the difference of sums: sqrt(D Var).
/// </remarks>
public static class CountingError
{
    /// <summary>Whether the error is at most what <see cref="Between"/> says; else it is that.</summary>
    public static bool IsBound(string criterion) => criterion != HeavyHitters.Actual.Name;

    /// <returns>In units of the score; null for a criterion whose score is no sum of numbers in [0, 1].</returns>
    public static double? Between(string criterion, (LayerStatistics Layer, int Expert) i, (LayerStatistics Layer, int Expert) j)
    {
        if (SumsOf(criterion) is not { } sums || i.Layer.Tokens == 0)
        {
            return null;
        }

        double tokens = i.Layer.Tokens;
        var (m, n) = (sums(i.Layer)[i.Expert] / tokens, sums(j.Layer)[j.Expert] / tokens);
        var variance = i.Layer.Layer != j.Layer.Layer ? (m * (1 - m)) + (n * (1 - n))
            : m + n - (2 * Both(criterion, i.Layer, i.Expert, j.Expert) / tokens) - ((m - n) * (m - n));
        return Math.Sqrt(tokens * Math.Max(0, variance));
    }

    /// <summary>Tokens sent to both, where that says what both add.</summary>
    private static double Both(string criterion, LayerStatistics layer, int i, int j) => IsBound(criterion) ? 0 : layer.CoActivation[(i * layer.Experts) + j];

    private static Func<LayerStatistics, double[]>? SumsOf(string criterion) => criterion switch
    {
        "actual" => layer => layer.Actual,
        "soft" or "inverse" => layer => layer.Soft,
        "soft-topk" => layer => layer.SoftTopK,
        _ => null,
    };
}
