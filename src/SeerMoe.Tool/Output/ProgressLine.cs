using SeerMoe.Torch;

namespace SeerMoe.Tool.Output;

/// <summary>How far the work is: one line of a terminal that rewrites itself and leaves nothing behind; a log gets a line every tenth, or every ten seconds where nobody knows the whole.</summary>
/// <remarks>The engines report between two pieces of work, so this is also where an interruption is noticed.</remarks>
/// <param name="terminal">Whose stderr.</param>
/// <param name="interrupted">Looked at with each report.</param>
/// <param name="clock">Of pace and rewrites.</param>
/// <param name="memory">Bytes that the process takes; null for what the system says.</param>
public sealed class ProgressLine(Terminal terminal, CancellationToken interrupted, TimeProvider clock, Func<long>? memory = null) : IProgress<Progress>, IDisposable
{
    private const int Parts = 10;
    private static readonly TimeSpan BetweenRewrites = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Func<long> _memory = memory ?? (() => Environment.WorkingSet);

    // Several points of a sweep may be under way at once.
    private readonly Dictionary<string, Piece> _pieces = new(StringComparer.Ordinal);

    private long _written = clock.GetTimestamp();

    public void Report(Progress value)
    {
        interrupted.ThrowIfCancellationRequested();
        if (terminal.Quiet)
        {
            return;
        }

        if (value.Notice is { } notice)
        {
            terminal.Note(notice);
            return;
        }

        if (_pieces.TryGetValue(value.What, out var piece) && piece.Last == value)
        {
            return; // engines say at the end of a piece what they said of its last part
        }

        if (piece is null || !value.Continues(piece.Last))
        {
            piece = _pieces[value.What] = new Piece(new Pace(clock));
        }

        var isFirst = piece.Last.What is null;
        piece.Last = value;
        var pace = piece.Pace.After(value).ToList();
        if (terminal.RewritesMessages)
        {
            Rewrite(value, pace, isFirst);
        }
        else
        {
            Append(value, pace, piece);
        }
    }

    public void Dispose() => terminal.EraseLive();

    private void Rewrite(Progress value, List<string> pace, bool isFirst)
    {
        var now = clock.GetTimestamp();
        if (!isFirst && value.Done != value.Total && clock.GetElapsedTime(_written, now) < BetweenRewrites)
        {
            return;
        }

        var (done, left) = ProgressText.Bar(value);
        terminal.ShowLive(done, left, ProgressText.Of(value, pace, _memory(), terminal.MessageWidth - 1 - done.Length - left.Length)); // a folded line could not be rewritten
        _written = now;
    }

    private void Append(Progress value, List<string> pace, Piece piece)
    {
        var part = value.Total > 0 ? value.Done * Parts / value.Total : 0;
        var isDue = value.Total > 0 ? part > piece.Part : clock.GetElapsedTime(_written) >= BetweenLines;
        if (isDue)
        {
            (piece.Part, _written) = (part, clock.GetTimestamp());
            terminal.Error.WriteLine(ProgressText.Of(value, pace, _memory(), int.MaxValue));
        }
    }

    /// <summary>One piece of work, by what it is called.</summary>
    private sealed class Piece(Pace pace)
    {
        public Pace Pace { get; } = pace;

        public Progress Last { get; set; }

        public long Part { get; set; }
    }
}
