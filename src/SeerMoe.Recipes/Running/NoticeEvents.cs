using SeerMoe.Torch;

namespace SeerMoe.Recipes.Running;

/// <summary>Writes what a stage found worth knowing on its way into the events of a run.</summary>
internal sealed class NoticeEvents(RunEvents events, string stage, IProgress<Progress>? inner) : IProgress<Progress>
{
    public void Report(Progress value)
    {
        if (value.Notice is { } notice)
        {
            events.Noticed(stage, notice);
        }

        inner?.Report(value);
    }
}
