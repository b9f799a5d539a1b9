using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Planning;

/// <summary>What stages will write, from shapes alone.</summary>
internal sealed class Estimate(Recipe recipe, PlannedModel model, PrunePlan? cut)
{
    private readonly long _checkpointBytes = cut is null ? model.Footprint.Bytes : model.BytesAfter(cut);

    /// <summary>Checkpoints weigh what their tensors weigh; statistics are a few sums an expert and a matrix a layer; results are small.</summary>
    public long DiskBytes(Step step) => step switch
    {
        CountStep => model.Shape.Experts.Sum(SumsBytes),
        PruneStep when recipe.IsMasked => 0,
        PruneStep or RegularizeStep => _checkpointBytes,
        _ => 0,
    };

    // Nine sums an expert, exact and as text of about 20 characters; E x E co-activations.
    private static long SumsBytes(int experts) => (9L * experts * (sizeof(double) + 20)) + ((long)experts * experts * sizeof(double));
}
