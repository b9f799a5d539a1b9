namespace SeerMoe.Torch.Evaluation;

/// <summary>Error bars.</summary>
public static class StandardError
{
    /// <summary>Of a mean: sample standard deviation (n - 1) / sqrt(n); null for fewer than two values.</summary>
    public static double? OfMean(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
    }

    /// <summary>
    /// Of a ratio of sums, sum(a) / sum(b), over documents (linearised): sqrt(n / (n - 1) * sum (a_i - r b_i)^2) / sum(b).
    /// Null for fewer than two documents.
    /// </summary>
    public static double? OfRatio(IReadOnlyList<(double A, double B)> documents)
    {
        if (documents.Count < 2)
        {
            return null;
        }

        var n = (double)documents.Count;
        var (sumA, sumB) = (documents.Sum(d => d.A), documents.Sum(d => d.B));
        var ratio = sumA / sumB;
        return Math.Sqrt(n / (n - 1) * documents.Sum(d => Math.Pow(d.A - (ratio * d.B), 2))) / sumB;
    }
}
