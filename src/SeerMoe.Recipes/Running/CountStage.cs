using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Torch.Calibration;

namespace SeerMoe.Recipes.Running;

/// <summary>What was counted.</summary>
public sealed record CountResult(ExpertStatistics Statistics) : StageResult;

/// <summary>Calibration text -> statistics.safetensors and statistics.json.</summary>
public sealed class CountStage(CountStep step) : IStage
{
    public void Run(StageContext context)
    {
        if (context.Shared?.Counted(context.Stage) is { } counted)
        {
            StatisticsFile.Write(context.Folder, StatisticsFile.Read(counted));
            return;
        }

        using var checkpoint = context.OpenNewest();
        var statistics = Slices().Select(slice => Count(context, checkpoint, slice)).Aggregate((one, other) => one.Add(other));
        StatisticsFile.Write(context.Folder, statistics);
    }

    public StageResult Read(StageContext context) => new CountResult(StatisticsFile.Read(context.Folder));

    private IEnumerable<Slice?> Slices() => step.Shards == 1 ? new Slice?[] { null } : Enumerable.Range(1, step.Shards).Select(number => (Slice?)new Slice(number, step.Shards));

    private ExpertStatistics Count(StageContext context, Checkpoint checkpoint, Slice? slice) =>
        Counting.Count(checkpoint, context.Source(step.Data), step.Options with { Slice = slice }, context.Plan.Compute, context.Progress, slice is null ? context.Save : context.Save?.Part($"slice-{slice.Number}"));
}
