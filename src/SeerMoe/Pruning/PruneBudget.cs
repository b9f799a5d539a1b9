namespace SeerMoe.Pruning;

/// <summary>How many experts may stay: a ratio to drop, or a number to keep, of each layer or of all layers together.</summary>
/// <example>
/// Three layers of 8, 8 and 6 experts, 22 in all. A ratio rounds so that never more is dropped than was asked:
/// <code>
/// budget      scope    dropped                                    survivors
/// ratio 0.25  layer    2, 2 and 1 (floor of 0.25 x 8, 8, 6)       6, 6 and 5
/// ratio 0.25  global   5          (floor of 0.25 x 22)            17, wherever the best are
/// keep 6      layer    2, 2 and 0                                 6, 6 and 6
/// keep 18     global   4                                          18, wherever the best are
/// </code>
/// </example>
public sealed record PruneBudget
{
    /// <summary>Share of the experts to drop, in [0, 1), or null.</summary>
    public double? Ratio { get; private init; }

    /// <summary>Experts to keep, or null.</summary>
    public int? Keep { get; private init; }

    /// <exception cref="InputException">Not in [0, 1).</exception>
    public static PruneBudget OfRatio(double ratio) => ratio is >= 0 and < 1
        ? new PruneBudget { Ratio = ratio }
        : throw new InputException($"{ratio} of the experts can't be dropped.", "ratio", "Give a share from 0 up to, but not including, 1: 0.25 drops a quarter.");

    /// <exception cref="InputException">Less than 1.</exception>
    public static PruneBudget OfKeep(int keep) => keep >= 1
        ? new PruneBudget { Keep = keep }
        : throw new InputException($"{keep} experts can't be kept.", "keep", "Keep at least 1.");

    /// <summary>How many of <paramref name="experts"/> competing experts stay.</summary>
    /// <param name="experts">Experts of one layer (scope layer) or of all (scope global).</param>
    /// <param name="whose">Names them in an error: `layer 3`.</param>
    /// <exception cref="InputException">More are to be kept than there are.</exception>
    public int SurvivorsOf(int experts, string whose)
    {
        if (Keep is { } keep)
        {
            return keep <= experts
                ? keep
                : throw new InputException($"{keep} experts are to be kept, {whose} has {experts}.", "keep", $"Keep at most {experts}, or give a ratio.");
        }

        // 1e-9 lets 0.29 x 100 (28.999999999999996 in binary) be 29
        return experts - (int)Math.Floor((Ratio!.Value * experts) + 1e-9);
    }
}
