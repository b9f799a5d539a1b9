using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Tool.Output;

/// <summary>A finished run as JSON: where it is, its stages by key, and evaluation.json where there is one. Times are in events.jsonl.</summary>
public sealed record RunDocument(string Folder, ImmutableArray<RunDocument.Stage> Stages, JsonNode? Evaluation)
{
    [JsonPropertyOrder(-1)]
    public string Schema => "seer/run@1";

    public static RunDocument Of(RunOutcome outcome)
    {
        var evaluation = outcome.Plan.Stages
            .Select(stage => Path.Combine(outcome.Folder, stage.Folder, "evaluation.json"))
            .FirstOrDefault(File.Exists);
        return new RunDocument(
            outcome.Folder,
            [.. outcome.Plan.Stages.Select(stage => new Stage(stage.Id, stage.Key))],
            evaluation is null ? null : JsonNode.Parse(File.ReadAllText(evaluation)));
    }

    /// <summary>One stage of it.</summary>
    public sealed record Stage(string Id, string Key);
}
