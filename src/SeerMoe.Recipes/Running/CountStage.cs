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
        using var checkpoint = context.OpenNewest();
        var statistics = Counting.Count(checkpoint, context.Source(step.Data), step.Options, context.Plan.Compute, context.Progress);
        StatisticsFile.Write(context.Folder, statistics);
    }

    public StageResult Read(StageContext context) => new CountResult(StatisticsFile.Read(context.Folder));
}
