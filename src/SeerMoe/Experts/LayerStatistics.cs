namespace SeerMoe.Experts;

/// <summary>
/// Sums of one MoE layer over all counted tokens; one entry an expert (length E), float64.
/// Sums add up over shards and domains, so merging is addition (maxima excepted).
/// </summary>
/// <remarks>Symbols: p router probability, g combine weight as applied, f expert output before that weight.</remarks>
public sealed class LayerStatistics(int layer, int experts)
{
    /// <summary>Index of the decoder layer in the checkpoint.</summary>
    public int Layer { get; } = layer;

    public int Experts { get; } = experts;

    /// <summary>Tokens routed: #{x : j in TopK(x)}. SEER-MoE's actual count; sums to K x tokens.</summary>
    public double[] Actual { get; } = new double[experts];

    /// <summary>Sum of p over all tokens. SEER-MoE's soft count; sums to the number of tokens for softmax routers.</summary>
    public double[] Soft { get; } = new double[experts];

    /// <summary>Sum of p over routed tokens only, the second reading of SEER-MoE's soft count.</summary>
    public double[] SoftTopK { get; } = new double[experts];

    /// <summary>Sum of g over routed tokens.</summary>
    public double[] Gate { get; } = new double[experts];

    /// <summary>Sum of ||f||_2 over routed tokens.</summary>
    public double[] Norm { get; } = new double[experts];

    /// <summary>Sum of ||f||_2^2 over routed tokens.</summary>
    public double[] NormSq { get; } = new double[experts];

    /// <summary>Sum of g ||f||_2 over routed tokens.</summary>
    public double[] GateNorm { get; } = new double[experts];

    /// <summary>Sum of g^2 ||f||_2^2 over routed tokens.</summary>
    public double[] GateSqNormSq { get; } = new double[experts];

    /// <summary>Largest |f| of any component of any routed token.</summary>
    public double[] MaxAbs { get; } = new double[experts];

    /// <summary>Tokens routed to both i and j, row-major E x E; the diagonal equals <see cref="Actual"/>.</summary>
    public double[] CoActivation { get; } = new double[experts * experts];

    /// <summary>Sum over tokens of the router's entropy, nats.</summary>
    public double EntropySum { get; set; }

    /// <summary>Tokens counted.</summary>
    public long Tokens { get; set; }

    /// <summary>Mean router entropy a token, nats.</summary>
    public double Entropy => Tokens == 0 ? 0 : EntropySum / Tokens;

    /// <summary>Every per-expert sum with its name in the statistics file, in the file's order.</summary>
    public IReadOnlyList<(string Name, double[] Values)> Sums =>
    [
        ("actual", Actual),
        ("soft", Soft),
        ("soft_topk", SoftTopK),
        ("gate", Gate),
        ("norm", Norm),
        ("norm_sq", NormSq),
        ("gate_norm", GateNorm),
        ("gate_sq_norm_sq", GateSqNormSq),
        ("max_abs", MaxAbs),
    ];

    /// <summary>Adds other tokens of the same layer: sums and counts add up, of the maxima the larger stays.</summary>
    public void Absorb(LayerStatistics other)
    {
        foreach (var ((_, mine), (_, theirs)) in Sums.Zip(other.Sums))
        {
            Fold(mine, theirs, mine == MaxAbs ? Math.Max : (a, b) => a + b);
        }

        Fold(CoActivation, other.CoActivation, (a, b) => a + b);
        EntropySum += other.EntropySum;
        Tokens += other.Tokens;
    }

    private static void Fold(double[] mine, double[] theirs, Func<double, double, double> rule)
    {
        for (var i = 0; i < mine.Length; i++)
        {
            mine[i] = rule(mine[i], theirs[i]);
        }
    }
}
