using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes;

/// <summary>A neighbour that a result is printed beside.</summary>
public enum Comparison
{
    /// <summary>The model before anything was done to it.</summary>
    Base,

    /// <summary>As many experts dropped at random.</summary>
    Random,
}

/// <summary>How what a prune stage drops is kept out of an evaluation.</summary>
public enum Cut
{
    /// <summary>A checkpoint without it is written.</summary>
    Written,

    /// <summary>The routers of the model never choose it, which gives the same numbers: nothing is written but the plan.</summary>
    Masked,
}

/// <summary>Scores the newest checkpoint of the run on every task.</summary>
/// <param name="Tasks">Data of one's own (choices as multiple choice, text by perplexity), and known tasks on folders of data.</param>
public sealed record EvaluateStep(ValueList<TaskChoice> Tasks) : Step
{
    public const string Key = "evaluate";

    public override string Id => Key;

    public Cut Cut { get; init; }

    public ValueList<Comparison> Compare { get; init; } = [];

    /// <summary>Random prunes that make up the control.</summary>
    public int RandomSeeds { get; init; } = 3;

    public EvaluateOptions Options { get; init; } = new();
}
