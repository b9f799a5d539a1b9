using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SeerMoe.Recipes.Costs;
using SeerMoe.Recipes.Locking;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Planning;

/// <summary>What a run will do, checked as far as arithmetic goes: `seer plan` prints it, `seer run` does it.</summary>
/// <param name="File">The recipe, overrides applied.</param>
/// <param name="Compute">Where, and in what precision.</param>
/// <param name="Environment">The same as the lock says it.</param>
/// <param name="Model">What it starts from.</param>
/// <param name="Inputs">Every file that any stage reads, relative to the recipe's folder, ordinal.</param>
/// <param name="Stages">In their order.</param>
public sealed record RunPlan(
    RecipeFile File,
    Compute Compute,
    EnvironmentInfo Environment,
    PlannedModel Model,
    ImmutableArray<PlannedInput> Inputs,
    ImmutableArray<PlannedStage> Stages)
{
    public Recipe Recipe => File.Recipe;

    /// <summary>What all stages write, estimated.</summary>
    public long DiskBytes => Stages.Sum(stage => stage.DiskBytes);
}

/// <summary>A file that a run reads.</summary>
/// <param name="File">Relative to the recipe's folder.</param>
/// <param name="WrittenUtc">When it was last written, seen before it was hashed: a change under way shows.</param>
public sealed record PlannedInput(HashedFile File, DateTime WrittenUtc);

/// <summary>One stage of a plan.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Step">What the recipe says.</param>
/// <param name="Options">See <see cref="StageOptions"/>.</param>
/// <param name="Inputs">Files and earlier stages that it reads.</param>
/// <param name="Key">See <see cref="StageKey"/>.</param>
/// <param name="Does">What it will do, in one line.</param>
/// <param name="Cost">What it takes, estimated.</param>
public sealed record PlannedStage(
    int Number,
    Step Step,
    JsonObject Options,
    ImmutableArray<StageInput> Inputs,
    string Key,
    string Does,
    StageCost Cost)
{
    private const int ShortKeyDigits = 16;

    public string Id => Step.StageId;

    /// <summary>What it writes, estimated.</summary>
    public long DiskBytes => Cost.DiskBytes;

    /// <summary>Short enough for the name of a folder, long enough to be the only one.</summary>
    public string ShortKey => Key[..ShortKeyDigits];

    /// <summary>"1-count".</summary>
    public string Folder => $"{Number}-{Id}";
}
