using SeerMoe.Checkpoints;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Running;

/// <summary>How the training went.</summary>
public sealed record RegularizeResult(TrainOutcome Outcome) : StageResult;

/// <summary>The newest checkpoint -> training.jsonl and the tuned checkpoint.</summary>
public sealed class RegularizeStage(RegularizeStep step) : IStage
{
    public void Run(StageContext context)
    {
        using var checkpoint = context.OpenNewest();
        var isLast = step.Round == context.Recipe.Rounds;
        var options = step.Options with
        {
            Seed = context.Recipe.Seed + step.Round - 1, // each round sees the data in another order
            TopK = isLast ? step.Options.TopK : null, // the rounds before count with the K that the model has
        };
        using var teacher = options.Objective == Objective.Distill ? Checkpoint.Open(context.Plan.Model.Folder) : null;
        var extras = new TrainExtras(step.HeldOut is { } heldOut ? context.Source(heldOut) : null, teacher);
        Regularizing.Regularize(checkpoint, context.Source(step.Data), options, context.Plan.Compute, context.Folder, context.Progress, context.Save, extras);
    }

    public StageResult Read(StageContext context)
    {
        using var checkpoint = Checkpoint.Open(context.OutputCheckpoint);
        return new RegularizeResult(TrainOutcome.Of(context.Folder, checkpoint.Config, step.Options));
    }
}
