namespace SeerMoe.Torch;

/// <summary>How fast a piece of work goes, from its first report on; told to whoever watches and hashed nowhere, since the same inputs give the same files.</summary>
public sealed class Pace(TimeProvider clock)
{
    private Progress _first;
    private Progress _last;
    private long _begun;

    /// <summary>"812 tokens/s, 3 min left", as far as either is known; empty after the first report.</summary>
    public IEnumerable<string> After(Progress value)
    {
        if (!value.Continues(_last))
        {
            (_first, _begun) = (value, clock.GetTimestamp());
        }

        _last = value;
        var seconds = clock.GetElapsedTime(_begun).TotalSeconds;
        if (seconds <= 0 || value.Done <= _first.Done)
        {
            yield break;
        }

        if (value.Tokens > _first.Tokens)
        {
            yield return $"{(value.Tokens - _first.Tokens) / seconds:N0} tokens/s";
        }

        if (value.Total > value.Done)
        {
            yield return $"{DurationText.About((value.Total - value.Done) * seconds / (value.Done - _first.Done))} left";
        }
    }
}
