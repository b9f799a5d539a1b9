using SeerMoe.Pruning;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Planning;

/// <summary>What stages will write, from shapes alone.</summary>
internal sealed class Estimate(PlannedModel model, PrunePlan? cut)
{
    private readonly long _checkpointBytes = cut is null ? model.Footprint.Bytes : model.BytesAfter(cut);

    /// <summary>Checkpoints weigh what their tensors weigh; statistics are a few sums an expert and a matrix a layer; results are small.</summary>
    public long DiskBytes(Step step) => step switch
    {
        CountStep => model.Shape.Experts.Sum(SumsBytes),
        RegularizeStep { Options.Accept: Accept.IfBetter } => 2 * _checkpointBytes, // the tuned one may be put aside
        PruneStep or RegularizeStep => _checkpointBytes,
        _ => 0,
    };

    // Nine sums an expert, exact and as text of about 20 characters; E x E co-activations.
    private static long SumsBytes(int experts) => (9L * experts * (sizeof(double) + 20)) + ((long)experts * experts * sizeof(double));
}
