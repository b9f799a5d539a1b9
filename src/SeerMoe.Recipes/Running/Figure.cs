namespace SeerMoe.Recipes.Running;

/// <summary>Measured numbers as tables show them.</summary>
public static class Figure
{
    /// <summary>"0.4213 ± 0.0102"; without the error bar where none is known, "-" where there is no number at all.</summary>
    public static string WithError(double? value, double? error) =>
        value is not { } number || double.IsNaN(number) ? "-"
        : error is { } stderr && !double.IsNaN(stderr) ? $"{number:F4} ± {stderr:F4}"
        : $"{number:F4}";
}
