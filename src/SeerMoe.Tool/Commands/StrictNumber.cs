using System.Globalization;
using McMaster.Extensions.CommandLineUtils.Abstractions;

namespace SeerMoe.Tool.Commands;

/// <summary>A number with a point, or none: the default parser takes "1,5" for 15.</summary>
public sealed class StrictNumber : IValueParser<double>
{
    public Type TargetType => typeof(double);

    public double Parse(string argName, string value, CultureInfo culture) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"Invalid value specified for {argName}. '{value}' is not a number like 0.25 or 1e-4.");

    object IValueParser.Parse(string argName, string value, CultureInfo culture) => Parse(argName, value, culture);
}
