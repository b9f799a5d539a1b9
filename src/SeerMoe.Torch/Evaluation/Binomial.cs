namespace SeerMoe.Torch.Evaluation;

/// <summary>Tosses of a fair coin.</summary>
public static class Binomial
{
    /// <summary>min(1, 2 P(X &lt;= k)) for X ~ Binomial(n, 1/2); 1 where nothing was tossed.</summary>
    /// <param name="k">At most n / 2.</param>
    public static double TwoSided(int k, int n)
    {
        // ln of C(n, i) / 2^n: the terms themselves vanish beyond a thousand tosses.
        var logTerm = -n * Math.Log(2);
        var sum = 0.0;
        for (var i = 0; i <= k; i++)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log((double)(n - i) / (i + 1));
        }

        return Math.Min(1, 2 * sum);
    }
}
