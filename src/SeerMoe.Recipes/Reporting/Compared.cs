using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Reporting;

/// <summary>How a number stands to its neighbour: apart only where more than two standard errors of their difference lie between.</summary>
public enum Standing
{
    Better,
    Even,
    Worse,
}

/// <summary>Compares numbers that have error bars.</summary>
public static class Compared
{
    /// <summary>Standard errors that a difference must have to count as one.</summary>
    public const double Errors = 2;

    /// <summary>How the first stands to the second; null where one has no number or no error bar: a single random prune proves nothing.</summary>
    /// <remarks>Errors are added as if independent: two models on the same documents differ less by chance than that, so this errs towards Even.</remarks>
    public static Standing? Of(Headline one, Headline other)
    {
        if (one is not { Value: { } a, Stderr: { } errorOfA } || other is not { Value: { } b, Stderr: { } errorOfB } || !double.IsFinite(a) || !double.IsFinite(b))
        {
            return null;
        }

        var ahead = one.Better == Better.Higher ? a - b : b - a;
        var error = Math.Sqrt((errorOfA * errorOfA) + (errorOfB * errorOfB));
        return ahead > Errors * error ? Standing.Better : ahead < -Errors * error ? Standing.Worse : Standing.Even;
    }
}
