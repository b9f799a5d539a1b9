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
        Assert.Equal(("1-count: 2 of 20 tokens counted, 412 MB", "1-count: 20 of 20 tokens counted, 412 MB"), (Lines[0], Lines[^1]));
    }

    [Fact]
    public void Of_a_whole_that_nobody_knows_it_is_a_line_every_ten_seconds()
    {
        Tell(Enumerable.Range(1, 35).Select(done => new Progress("1-count: tokens counted", done * 8, 0) { Tokens = done * 8 }), TimeSpan.FromSeconds(1));

        Assert.Equal(["1-count: 80 tokens counted, 8 tokens/s, 412 MB", "1-count: 160 tokens counted, 8 tokens/s, 412 MB", "1-count: 240 tokens counted, 8 tokens/s, 412 MB"], Lines);
    }

    [Fact]
    public void A_second_model_with_as_much_to_do_is_told_again()
    {
        Tell([new Progress("requests of facts, full model", 4, 4), new Progress("requests of facts, random 1/3", 4, 4)], TimeSpan.Zero);

        Assert.Equal(["4 of 4 requests of facts, full model, 412 MB", "4 of 4 requests of facts, random 1/3, 412 MB"], Lines);
    }

    [Fact]
    public void What_was_told_is_not_told_again()
    {
        Tell(Enumerable.Repeat(new Progress("requests of facts", 4, 4), 3), TimeSpan.FromSeconds(1));

        Assert.Equal(["4 of 4 requests of facts, 412 MB"], Lines);
    }

    [Fact]
    public void Speed_and_time_left_are_of_what_was_done_while_somebody_watched()
    {
        Tell([Step(50, tokens: 0), Step(60, tokens: 2000), Step(70, tokens: 4000)], TimeSpan.FromSeconds(2));

        Assert.Equal(
            [
                "50 of 100 steps, loss 0.5, 412 MB",
                "60 of 100 steps, loss 0.5, 1,000 tokens/s, 8 s left, 412 MB",
                "70 of 100 steps, loss 0.5, 1,000 tokens/s, 6 s left, 412 MB",
            ],
            Lines);

        static Progress Step(int done, long tokens) => new("steps", done, 100) { Detail = "loss 0.5", Tokens = tokens };
    }

    [Fact]
    public void What_is_worth_knowing_is_a_line_of_its_own_and_no_step_of_the_work()
    {
        Tell([new Progress("steps", 5, 10), new Progress("steps", 5, 10) { Notice = "Memory ran out in a pass of 8 sequences." }, new Progress("steps", 6, 10)], TimeSpan.Zero);

        Assert.Equal(["5 of 10 steps, 412 MB", "note: Memory ran out in a pass of 8 sequences.", "6 of 10 steps, 412 MB"], Lines);
    }

    [Fact]
    public void Two_at_once_are_told_apart()
    {
        Tell(Enumerable.Range(1, 20).SelectMany(done => new[] { new Progress("001: steps", done, 20), new Progress("002: steps", done, 20) }), TimeSpan.Zero);

        Assert.Equal(20, Lines.Length);
    }

    [Fact]
    public void A_narrow_window_cuts_off_what_matters_least()
    {
        var value = new Progress("1-count: tokens counted", 30, 60) { Detail = "loss 0.594", Layer = 3, Layers = 32 };

        Assert.Equal("1-count: 30 of 60 tokens counted, layer 3 of 32, loss 0.594, 9 s left, 2.1 GB", ProgressText.Of(value, ["9 s left"], 2_100_000_000, 100));
        Assert.Equal("1-count: 30 of 60 tokens counted, layer 3 of 32", ProgressText.Of(value, ["9 s left"], 2_100_000_000, 49));
        Assert.Equal("1-count: 30 of", ProgressText.Of(value, [], 0, 14));
        Assert.Equal(("━━━━━━━━━━", "──────────  50% "), ProgressText.Bar(value));
        Assert.Equal(("", ""), ProgressText.Bar(value with { Total = 0 }));
    }

    [Fact]
    public void It_is_silent_where_results_alone_are_wanted()
    {
        using var progress = new ProgressLine(new Terminal(TextWriter.Null, _log) { Quiet = true }, CancellationToken.None, _clock);
        progress.Report(new Progress("steps", 10, 10));

        Assert.Empty(_log.ToString());
    }

    private string[] Lines => _log.ToString().TrimEnd('\n').Split('\n');

    private void Tell(IEnumerable<Progress> reports, TimeSpan between)
    {
        using var progress = new ProgressLine(new Terminal(TextWriter.Null, _log), CancellationToken.None, _clock, () => 412_000_000);
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
