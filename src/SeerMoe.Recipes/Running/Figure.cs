using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>Measured numbers as tables show them.</summary>
public static class Figure
{
    /// <summary>"34.5% (p 1.4E-11)": the share of answers that changed, and how likely a difference in accuracy like this is by chance.</summary>
    public static string Changed(PairedAnswers paired) => $"{paired.ChangedShare * 100:F1}% (p {paired.PValue:G2})";

    /// <summary>"mmlu_virology 0.5301 -> 0.3614".</summary>
    public static string Worst(WorstDomain worst) => $"{worst.Domain} {worst.Base:F4} -> {worst.Value:F4}";

    /// <summary>"0.4213 ± 0.0102"; without the error bar where none is known, "-" where there is no number at all.</summary>
    public static string WithError(double? value, double? error) =>
        value is not { } number || double.IsNaN(number) ? "-"
        : error is { } stderr && !double.IsNaN(stderr) ? $"{number:F4} ± {stderr:F4}"
        : $"{number:F4}";
}
