using SeerMoe.Torch;

namespace SeerMoe.Tool.Output;

/// <summary>
/// What is said of progress, the most important first, so that a narrow window cuts off the least.
/// <code>
/// 2-regularize: 30 of 60 steps, loss 0.594, entropy 1.340, top-2, 7,122 tokens/s, 9 s left, 412 MB
/// </code>
/// </summary>
public static class ProgressText
{
    private const int BarWidth = 20;
    private const double Megabyte = 1e6;

    /// <summary>As many parts as fit, and the first whatever its length.</summary>
    public static string Of(Progress value, IEnumerable<string> pace, long memoryBytes, int width)
    {
        var text = Head(value);
        foreach (var part in Parts(value, pace, memoryBytes).Where(part => text.Length + part.Length + 2 <= width))
        {
            text += $", {part}";
        }

        return text.Length <= width ? text : text[..Math.Max(0, width)];
    }

    /// <summary>"━━━━━━──────────────  34% "; empty where nobody knows the whole.</summary>
    /// <returns>What is done and what is not, to be coloured apart.</returns>
    public static (string Done, string Left) Bar(Progress value)
    {
        if (value.Total <= 0)
        {
            return ("", "");
        }

        var share = Math.Clamp((double)value.Done / value.Total, 0, 1);
        var done = (int)(share * BarWidth);
        return (new string('━', done), $"{new string('─', BarWidth - done)} {share * 100,3:F0}% ");
    }

    /// <summary>"1-count: 2,048 of 65,536 tokens counted".</summary>
    private static string Head(Progress value)
    {
        var stage = value.What.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0;
        var done = value.Total > 0 ? $"{value.Done:N0} of {value.Total:N0}" : $"{value.Done:N0}";
        return $"{value.What.AsSpan(0, stage)}{done} {value.What.AsSpan(stage)}";
    }

    private static IEnumerable<string> Parts(Progress value, IEnumerable<string> pace, long memoryBytes) =>
    [
        .. value.Layer > 0 ? [$"layer {value.Layer} of {value.Layers}"] : Array.Empty<string>(),
        .. value.Detail is { } detail ? [detail] : Array.Empty<string>(),
        .. pace,
        .. memoryBytes > 0 ? [Memory(memoryBytes)] : Array.Empty<string>(),
    ];

    public static string Memory(long bytes) => bytes < 1000 * Megabyte ? $"{bytes / Megabyte:F0} MB" : $"{bytes / (1000 * Megabyte):F1} GB";
}
