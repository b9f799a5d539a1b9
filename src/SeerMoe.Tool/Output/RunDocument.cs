using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Inspection;

namespace SeerMoe.Tool.Output;

/// <summary>A finished run as JSON: where it is, how long its stages took, and evaluation.json where there is one.</summary>
public sealed record RunDocument(string Folder, ImmutableArray<RunDocument.Stage> Stages, JsonNode? Evaluation)
{
    [JsonPropertyOrder(-1)]
    public string Schema => "seer/run@1";

    public static RunDocument Of(RunOutcome outcome)
    {
        var seconds = StageTimes.Of(outcome.Folder);
        var evaluation = outcome.Plan.Stages
            .Select(stage => Path.Combine(outcome.Folder, stage.Folder, "evaluation.json"))
            .FirstOrDefault(File.Exists);
        return new RunDocument(
            outcome.Folder,
            [.. outcome.Plan.Stages.Select(stage => new Stage(stage.Id, stage.Key, seconds.TryGetValue(stage.Id, out var took) ? took : null))],
            evaluation is null ? null : JsonNode.Parse(File.ReadAllText(evaluation)));
    }

    /// <summary>One stage of it; no seconds where it was not done here.</summary>
    public sealed record Stage(string Id, string Key, double? Seconds);
}
