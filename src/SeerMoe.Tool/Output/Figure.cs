namespace SeerMoe.Tool.Output;

/// <summary>Measured numbers as tables show them.</summary>
public static class Figure
{
    /// <summary>"0.4213 ± 0.0102"; without the error bar where none is known.</summary>
    public static string WithError(double value, double? error) => error is { } stderr ? $"{value:F4} ± {stderr:F4}" : $"{value:F4}";
}
