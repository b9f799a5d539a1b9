using SeerMoe.Tool.Output;
using SeerMoe.Torch;

namespace SeerMoe.Tool.Tests;

/// <summary>In a log, where no line can be rewritten.</summary>
public sealed class WhenProgressIsTold
{
    private readonly StringWriter _log = new() { NewLine = "\n" };

    private readonly Clock _clock = new();

    [Fact]
    public void It_is_a_line_every_tenth()
    {
        Tell(Enumerable.Range(1, 20).Select(done => new Progress("1-count: tokens counted", done, 20)), TimeSpan.Zero);

        Assert.Equal(10, Lines.Length);
        Assert.Equal(("1-count: 2 of 20 tokens counted", "1-count: 20 of 20 tokens counted"), (Lines[0], Lines[^1]));
    }

    [Fact]
    public void Of_a_whole_that_nobody_knows_it_is_a_line_every_ten_seconds()
    {
        Tell(Enumerable.Range(1, 35).Select(done => new Progress("1-count: tokens counted", done, 0)), TimeSpan.FromSeconds(1));

        Assert.Equal(["1-count: 10 tokens counted", "1-count: 20 tokens counted", "1-count: 30 tokens counted"], Lines);
    }

    [Fact]
    public void A_second_model_with_as_much_to_do_is_told_again()
    {
        Tell([new Progress("requests of facts, full model", 4, 4), new Progress("requests of facts, random 1/3", 4, 4)], TimeSpan.Zero);

        Assert.Equal(["4 of 4 requests of facts, full model", "4 of 4 requests of facts, random 1/3"], Lines);
    }

    private string[] Lines => _log.ToString().TrimEnd('\n').Split('\n');

    private void Tell(IEnumerable<Progress> reports, TimeSpan between)
    {
        using var progress = new ProgressLine(new Terminal(TextWriter.Null, _log), CancellationToken.None, _clock);
        foreach (var report in reports)
        {
            _clock.Now += between;
            progress.Report(report);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
