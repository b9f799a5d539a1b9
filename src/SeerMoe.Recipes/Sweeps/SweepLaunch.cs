using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SeerMoe.Recipes.Sweeps;

/// <summary>launch.json of a sweep's folder: what its points need besides the recipe, the same for a resumed sweep and for a task on another machine.</summary>
/// <param name="RecipeFolder">What the recipe's paths are relative to; itself relative to the sweep's folder.</param>
/// <param name="Device">As --device takes it.</param>
/// <param name="Dtype">As --dtype takes it.</param>
/// <param name="IgnoredConfigKeys">As --ignore-config-key takes them.</param>
public sealed record SweepLaunch(string RecipeFolder, string Device, string Dtype, ImmutableArray<string> IgnoredConfigKeys)
{
    public const string Name = "launch.json";

    private const string CurrentSchema = "seer/sweep-launch@1";

    /// <summary>What --memory allows; null for no limit. It changes no number, so a resumed sweep may name another one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MemoryBytes { get; init; }

    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = CurrentSchema;
}

/// <summary>Why a point has no result: `points/003.failed.json`, until it is run again.</summary>
/// <param name="ExitCode">What a run of this point alone would have ended with.</param>
/// <param name="Error">The first line.</param>
/// <param name="Story">All of it.</param>
public sealed record PointFailure(int ExitCode, string Error, string Story);
