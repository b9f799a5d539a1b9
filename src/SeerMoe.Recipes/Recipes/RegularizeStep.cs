using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes;

/// <summary>Stage 2 of SEER-MoE on <paramref name="Data"/>.</summary>
public sealed record RegularizeStep(string Data) : Step
{
    public const string Key = "regularize";

    public override string Id => Key;

    /// <summary>Data that nothing is trained on, to judge by; null for none.</summary>
    public string? HeldOut { get; init; }

    /// <summary>All but the seed, which is the recipe's.</summary>
    public TrainOptions Options { get; init; } = new();
}
