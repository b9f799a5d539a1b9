using System.Globalization;

namespace SeerMoe.Benchmarks;

/// <summary>What a benchmark comes down to: the ratios that there are goals for. Printed last, so that <see cref="AllBenchmarks"/> can gather them.</summary>
internal sealed class Ratios
{
    public const string Heading = "| ratio | measured | goal |";

    private readonly List<string> _rows = [];

    /// <param name="goal">"at most 1.1"; empty for none.</param>
    public void Add(string what, double measured, string goal = "") => _rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {what} | {measured:F2} | {goal} |"));

    public void Print() => Print(_rows);

    public static void Print(IEnumerable<string> rows)
    {
        Console.WriteLine();
        Console.WriteLine(Heading);
        Console.WriteLine("|---|--:|---|");
        foreach (var row in rows)
        {
            Console.WriteLine(row);
        }
    }
}
