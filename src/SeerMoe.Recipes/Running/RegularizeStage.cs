using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Running;

/// <summary>How the training went.</summary>
public sealed record RegularizeResult(TrainOutcome Outcome) : StageResult;

/// <summary>The newest checkpoint -> training.jsonl and the tuned checkpoint.</summary>
public sealed class RegularizeStage(RegularizeStep step) : IStage
{
    public StageResult Run(StageContext context)
    {
        using var checkpoint = context.OpenNewest();
        var options = step.Options with { Seed = context.Recipe.Seed };
        return new RegularizeResult(Regularizing.Regularize(checkpoint, context.Source(step.Data), options, context.Plan.Compute, context.Folder, context.Progress));
    }
}
