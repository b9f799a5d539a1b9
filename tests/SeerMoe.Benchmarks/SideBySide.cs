using System.Diagnostics;

namespace SeerMoe.Benchmarks;

/// <summary>Two sides timed in turns, so that whatever slows the machine for a while slows both; the median of the rounds counts.</summary>
internal static class SideBySide
{
    public static (TimeSpan Ours, TimeSpan Theirs) Medians(int rounds, Action ours, Action theirs)
    {
        var (oursTimes, theirsTimes) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            oursTimes.Add(Time(ours));
            theirsTimes.Add(Time(theirs));
        }

        return (Median(oursTimes), Median(theirsTimes));
    }

    public static TimeSpan Time(Action action)
    {
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }

    public static T Median<T>(IReadOnlyCollection<T> times) => times.Order().ElementAt(times.Count / 2);
}
