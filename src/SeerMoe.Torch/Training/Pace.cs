using System.Diagnostics;

namespace SeerMoe.Torch.Training;

/// <summary>How fast a training goes; told to whoever watches and written nowhere, since the same inputs give the same files.</summary>
internal sealed class Pace(int steps)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _tokens;
    private int _done;

    /// <summary>"812 tokens/s, 3 min left"</summary>
    public string After(TrainingStep step)
    {
        _tokens += step.Tokens;
        _done++;
        var seconds = _clock.Elapsed.TotalSeconds;
        return $"{_tokens / seconds:N0} tokens/s, {Left((steps - step.Step) * seconds / _done)} left";
    }

    private static string Left(double seconds) => seconds switch
    {
        < 100 => $"{seconds:F0} s",
        < 6000 => $"{seconds / 60:F0} min",
        _ => $"{seconds / 3600:F1} h",
    };
}
