using SeerMoe.Torch.Calibration;

namespace SeerMoe.Recipes;

/// <summary>One calibration pass over <paramref name="Data"/>: statistics of every expert.</summary>
public sealed record CountStep(string Data) : Step
{
    public const string Key = "count";

    public override string Id => Key;

    public CountOptions Options { get; init; } = new();

    /// <summary>Slices that the data are counted in, and whose statistics are added in their order: the same bytes wherever each was counted.</summary>
    public int Shards { get; init; } = 1;
}
