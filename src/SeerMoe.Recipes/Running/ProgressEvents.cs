using SeerMoe.Torch;

namespace SeerMoe.Recipes.Running;

/// <summary>Writes a line into the events of a run for every tenth of a training.</summary>
internal sealed class ProgressEvents(RunEvents events, string stage, IProgress<Progress>? inner) : IProgress<Progress>
{
    private const int Parts = 10;

    private long _part = -1;

    public void Report(Progress value)
    {
        var part = value.Total > 0 ? value.Done * Parts / value.Total : 0;
        if (_part >= 0 && part > _part)
        {
            events.StageAt(stage, value);
        }

        _part = part;
        inner?.Report(value);
    }
}
