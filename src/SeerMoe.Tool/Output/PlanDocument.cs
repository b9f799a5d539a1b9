using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Tool.Output;

/// <summary>A run plan as JSON.</summary>
public sealed record PlanDocument(string Recipe, long Seed, EnvironmentInfo Environment, ImmutableArray<HashedFile> Inputs, ImmutableArray<PlanDocument.Stage> Stages, long DiskBytes)
{
    [JsonPropertyOrder(-1)]
    public string Schema => "seer/plan@1";

    public static PlanDocument Of(RunPlan plan, IReadOnlyDictionary<string, string> reused) => new(
        plan.Recipe.Name,
        plan.Recipe.Seed,
        plan.Environment,
        [.. plan.Inputs.Select(input => input.File)],
        [.. plan.Stages.Select(stage => new Stage(stage.Id, stage.Key, stage.Does, stage.Options, stage.Inputs, stage.DiskBytes, stage.Cost.MemoryBytes, stage.Cost.Residence == Residence.Streamed, stage.Cost.Flops, reused.GetValueOrDefault(stage.Id)))],
        plan.DiskBytes);

    /// <summary>One stage of it; where it would be reused from, or null where it would run.</summary>
    public sealed record Stage(string Id, string Key, string Does, JsonObject Options, ImmutableArray<StageInput> Inputs, long DiskBytes, long MemoryBytes, bool Streamed, double? Flops, string? Reused);
}
