using SeerMoe.Torch;

namespace SeerMoe.Recipes.Running;

/// <summary>Writes a line into the events of a run for every tenth of a training.</summary>
internal sealed class ProgressEvents(RunEvents events, string stage, IProgress<Progress>? inner) : IProgress<Progress>
{
    private const int Parts = 10;

    private readonly Pace _pace = new(TimeProvider.System);

    private long _part = -1;

    public void Report(Progress value)
    {
        if (value.Notice is not null)
        {
            inner?.Report(value);
            return;
        }

        var part = value.Total > 0 ? value.Done * Parts / value.Total : 0;
        var pace = _pace.After(value).ToList();
        if (_part >= 0 && part > _part)
        {
            events.StageAt(stage, value, string.Join(", ", [value.What, .. value.Detail is { } detail ? [detail] : Array.Empty<string>(), .. pace]));
        }

        _part = part;
        inner?.Report(value);
    }
}
