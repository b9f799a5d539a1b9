using System.Globalization;

namespace SeerMoe.Recipes.Reporting.Charts;

/// <summary>Values to coordinates of a drawing, in a straight line or by their logarithm.</summary>
/// <param name="From">The value at <paramref name="Start"/>.</param>
/// <param name="To">The value at <paramref name="End"/>.</param>
/// <param name="Start">Coordinate.</param>
/// <param name="End">Coordinate.</param>
internal readonly record struct Scale(double From, double To, double Start, double End)
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>Whether equal factors are equally far apart.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>A scale that holds all values with some room on both sides; of a single value, around it.</summary>
    public static Scale Around(IEnumerable<double> values, double start, double end)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (least, most) = (finite.Min(), finite.Max());
        var room = most > least ? (most - least) * 0.06 : Math.Max(Math.Abs(most) * 0.05, 0.01);
        return new Scale(least - room, most + room, start, end);
    }

    /// <summary>The same for positive values; by their logarithm where they reach over more than a factor of eight.</summary>
    public static Scale AroundPositive(IEnumerable<double> values, double start, double end)
    {
        var finite = values.Where(double.IsFinite).ToList();
        if (finite.Count == 0 || finite.Min() <= 0 || finite.Max() / finite.Min() < 8)
        {
            return Around(finite, start, end);
        }

        var room = Math.Pow(finite.Max() / finite.Min(), 0.05);
        return new Scale(finite.Min() / room, finite.Max() * room, start, end) { IsLogarithmic = true };
    }

    public double Of(double value) => Start + ((End - Start) * (IsLogarithmic ? Math.Log(Math.Max(value, From / 10) / From) / Math.Log(To / From) : (value - From) / (To - From)));

    /// <summary>Round values inside of it, about as many as asked.</summary>
    public IReadOnlyList<double> Ticks(int about)
    {
        if (IsLogarithmic)
        {
            return LogarithmicTicks(about);
        }

        var rough = (To - From) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * RoundSteps.First(round => round * power >= rough * 0.999);
        var (first, last) = ((long)Math.Ceiling((From / step) - 1e-9), (long)Math.Floor((To / step) + 1e-9));
        List<double> ticks = [];
        for (var i = first; i <= last; i++)
        {
            ticks.Add(i * step);
        }

        return ticks;
    }

    /// <summary>One of those values in as few digits as tell it from the others: between 302 and 304 three are not enough.</summary>
    public string Label(double tick, int about) =>
        Ticks(about) is var ticks && ticks.Select(ShortNumber.Of).Distinct(StringComparer.Ordinal).Count() == ticks.Count
            ? ShortNumber.Of(tick)
            : tick.ToString("0.######", CultureInfo.InvariantCulture);

    private List<double> LogarithmicTicks(int about)
    {
        var (from, to) = (From, To);
        IEnumerable<double> All(params double[] digits) => Enumerable.Range((int)Math.Floor(Math.Log10(from)), 40)
            .SelectMany(power => digits.Select(digit => digit * Math.Pow(10, power)))
            .Where(value => value >= from && value <= to);
        double[][] choices = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];
        return choices.Select(digits => All(digits).ToList()).FirstOrDefault(ticks => ticks.Count <= about + 1) ?? [.. All(1)];
    }
}
