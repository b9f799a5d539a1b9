using SeerMoe.Torch.Streaming;

namespace SeerMoe.Recipes.Costs;

/// <summary>What a stage will take, from shapes alone.</summary>
/// <param name="Stage">`1-count`.</param>
/// <param name="Tokens">That pass through the model, all forward passes together; null where the data would have to be read to know.</param>
/// <param name="Flops">Floating-point operations, a multiply and an add being two; null where <paramref name="Tokens"/> is.</param>
/// <param name="MemoryBytes">At its peak, on the device that computes: weights, what training keeps of them, activations.</param>
/// <param name="DiskBytes">That it writes.</param>
public sealed record StageCost(string Stage, double? Tokens, double? Flops, long MemoryBytes, long DiskBytes)
{
    /// <summary>Whether all weights are in memory.</summary>
    public Residence Residence { get; init; }

    /// <summary>Hours at a sustained rate.</summary>
    /// <param name="teraflops">10^12 operations a second.</param>
    public double? Hours(double teraflops) => Flops / (teraflops * 1e12) / 3600;
}
