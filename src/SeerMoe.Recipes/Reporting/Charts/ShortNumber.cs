using System.Globalization;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>Numbers where there is little room: three digits and a letter.</summary>
internal static class ShortNumber
{
    private static readonly (double Unit, string Letter)[] Units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];

    /// <summary>"7.36M", "12k", "0.853", "4.5E-07".</summary>
    public static string Of(double value)
    {
        var size = Math.Abs(value);
        if (size is > 0 and < 0.001)
        {
            return value.ToString("0.##E-00", CultureInfo.InvariantCulture);
        }

        // 9,999 stays below 10k only if it is cut off, so half a digit more goes to the larger unit
        foreach (var (unit, letter) in Units)
        {
            if (size >= unit * 0.9995)
            {
                return $"{Digits(value / unit)}{letter}";
            }
        }

        return Digits(value);
    }

    private static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.9995 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
