using SeerMoe.Pruning;
using SeerMoe.Recipes.Costs;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Planning;

/// <summary>What stages will write, from shapes alone.</summary>
internal sealed class Estimate(Recipe recipe, PlannedModel model, PrunePlan? cut)
{
    // The metrics of a task on a model, with a few domains.
    private const long ResultBytes = 1800;

    /// <summary>Checkpoints weigh what their tensors weigh; statistics are a few sums an expert and a matrix a layer; results are small.</summary>
    public long DiskBytes(Step step) => step switch
    {
        CountStep => model.Shape.Experts.Sum(SumsBytes),
        PruneStep when recipe.IsMasked => 0,
        RegularizeStep { Options.Accept: Accept.IfBetter } => 2 * CheckpointBytes(step), // the tuned one may be put aside
        PruneStep or RegularizeStep => CheckpointBytes(step),
        EvaluateStep evaluate => ResultBytes * evaluate.Tasks.Count * StageTokens.Models(recipe, evaluate),
        _ => 0,
    };

    /// <summary>What is cut once a round is over, as far as numbers of experts go.</summary>
    public PrunePlan? CutIn(int round) => round == recipe.Rounds
        ? cut
        : BlankStatistics.RandomPlan(recipe.Step<PruneStep>()! with { Round = round }, recipe.Rounds, model.Architecture, model.Shape, recipe.Seed);

    private long CheckpointBytes(Step step) => CutIn(step.Round) is { } plan ? model.BytesAfter(plan) : model.Footprint.Bytes;

    // Of a layer: nine sums an expert, exact and as text of about 19 characters; E x E co-activations; names of 12 tensors, and keys.
    private static long SumsBytes(int experts) => (9L * experts * (sizeof(double) + 19)) + ((long)experts * experts * sizeof(double)) + 1180;
}
