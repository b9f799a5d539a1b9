using SeerMoe.Torch;

namespace SeerMoe.Tool.Output;

/// <summary>How far the work is, on one line of stderr that rewrites itself; a log gets a line every tenth, or every ten seconds where nobody knows the whole.</summary>
/// <remarks>The engines report between two pieces of work, so this is also where an interruption is noticed.</remarks>
public sealed class ProgressLine(Terminal terminal, CancellationToken interrupted, TimeProvider clock) : IProgress<Progress>, IDisposable
{
    private const int Parts = 10;
    private static readonly TimeSpan BetweenRewrites = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private Progress _last;
    private long _part;
    private long _written = clock.GetTimestamp();
    private int _width;

    public void Report(Progress value)
    {
        interrupted.ThrowIfCancellationRequested();
        if (terminal.Quiet)
        {
            return;
        }

        if (value.Total != _last.Total || value.Done <= _last.Done)
        {
            EndLine();
            _part = 0;
        }

        _last = value;

        if (terminal.ShowsMessages)
        {
            Rewrite(value);
        }
        else
        {
            Append(value);
        }
    }

    public void Dispose() => EndLine();

    private void Rewrite(Progress value)
    {
        var now = clock.GetTimestamp();
        if (_width > 0 && value.Done != value.Total && clock.GetElapsedTime(_written, now) < BetweenRewrites)
        {
            return;
        }

        var text = Text(value);
        text = text[..Math.Min(text.Length, terminal.MessageWidth - 1)]; // a folded line could not be rewritten
        terminal.Error.Write($"\r{text.PadRight(_width)}");
        (_written, _width) = (now, text.Length);
    }

    private void Append(Progress value)
    {
        var part = value.Total > 0 ? value.Done * Parts / value.Total : 0;
        var isDue = value.Total > 0 ? part > _part : clock.GetElapsedTime(_written) >= BetweenLines;
        if (isDue)
        {
            (_part, _written) = (part, clock.GetTimestamp());
            terminal.Error.WriteLine(Text(value));
        }
    }

    private void EndLine()
    {
        if (_width > 0)
        {
            terminal.Error.WriteLine();
            _width = 0;
        }
    }

    /// <summary>"1-count: 2,048 of 65,536 tokens counted".</summary>
    private static string Text(Progress value)
    {
        var stage = value.What.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0;
        var done = value.Total > 0 ? $"{value.Done:N0} of {value.Total:N0}" : $"{value.Done:N0}";
        return $"{value.What.AsSpan(0, stage)}{done} {value.What.AsSpan(stage)}";
    }
}
