namespace SeerMoe;

/// <summary>How long something took, or will take: the one way durations are written.</summary>
/// <example>
/// <code>
/// seconds       0.06   17.4   185          7,800         100,000
/// measured      0.1 s  17 s   3 min 05 s   2 h 10 min    27 h 46 min
/// estimated     1 s    17 s   3 min        2.2 h         28 h
/// </code>
/// </example>
public static class DurationText
{
    private const double Minute = 60;
    private const double Hour = 3600;

    /// <summary>Of a measurement: seconds, to a tenth below ten of them; from a hundred on two units.</summary>
    public static string Of(double seconds)
    {
        var whole = Math.Round(seconds);
        return seconds switch
        {
            < 9.95 => $"{seconds:F1} s",
            < 99.5 => $"{whole} s",
            < Hour - 0.5 => $"{Math.Floor(whole / Minute)} min {whole % Minute:00} s",
            _ => $"{Math.Floor(whole / Hour)} h {Math.Floor(whole % Hour / Minute):00} min",
        };
    }

    /// <summary>Of an estimate: one unit, and about as many digits as anybody can know.</summary>
    public static string About(double seconds) => seconds switch
    {
        < 1 => "1 s",
        < 99.5 => $"{seconds:F0} s",
        < 99.5 * Minute => $"{seconds / Minute:F0} min",
        < 9.95 * Hour => $"{seconds / Hour:F1} h",
        _ => $"{seconds / Hour:N0} h",
    };
}
