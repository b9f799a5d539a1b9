using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SeerMoe.Recipes.Locking;

/// <summary>
/// The proof that a run finished, and of what went in and came out. No time stamps, host names or absolute paths: the same
/// recipe, inputs, device class and versions give the same bytes.
/// </summary>
/// <param name="Recipe">The frozen recipe of the run folder.</param>
/// <param name="Seed">The recipe's.</param>
/// <param name="Environment">Versions, device class, precision.</param>
/// <param name="Inputs">Every file that was read, relative to the folder of the recipe that was run, ordinal.</param>
/// <param name="Stages">In the order in which they ran.</param>
public sealed record RunLock(RecipeDigest Recipe, long Seed, EnvironmentInfo Environment, ImmutableArray<HashedFile> Inputs, ImmutableArray<StageLock> Stages)
{
    public const string CurrentSchema = "seer/lock@1";

    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = CurrentSchema;
}

/// <summary>The frozen recipe, by content.</summary>
public sealed record RecipeDigest(string Name, string Sha256);

/// <summary>One stage of a run.</summary>
/// <param name="Id">`count`, `prune`, `regularize` or `evaluate`.</param>
/// <param name="Key">See StageKey.</param>
/// <param name="Options">All of them, defaults filled in.</param>
/// <param name="Inputs">What it read, by digest.</param>
/// <param name="Outputs">Relative to the run folder, ordinal.</param>
public sealed record StageLock(string Id, string Key, JsonObject Options, ImmutableArray<StageInput> Inputs, ImmutableArray<HashedFile> Outputs);

/// <summary>Something a stage reads: a file by its SHA-256, or what an earlier stage made by that stage's key.</summary>
/// <param name="Name">`model/config.json`, `data/calibration` (as the recipe calls it), `plan`, or the id of the stage.</param>
/// <param name="Sha256">The digest, or the key.</param>
public sealed record StageInput(string Name, string Sha256);
