using System.Text.Json;
using System.Text.Json.Nodes;

namespace SeerMoe.Tool.Inspection;

/// <summary>What can be inspected.</summary>
public enum ArtifactKind
{
    Checkpoint,
    Statistics,
    Plan,
    Run,
}

/// <summary>Tells what a path holds by the names and schemas of contract files.</summary>
public static class Artifact
{
    // A pruned checkpoint carries its plan along and a run its recipe, so the order matters.
    private static readonly (string FileName, ArtifactKind Kind)[] Marks =
    [
        ("config.json", ArtifactKind.Checkpoint),
        ("seer.lock.json", ArtifactKind.Run),
        ("events.jsonl", ArtifactKind.Run),
        ("statistics.safetensors", ArtifactKind.Statistics),
        ("statistics.json", ArtifactKind.Statistics),
    ];

    /// <exception cref="InputException">Nothing is there, or nothing that is known.</exception>
    public static ArtifactKind KindOf(string path)
    {
        if (Directory.Exists(path))
        {
            return Marks.Where(mark => File.Exists(Path.Combine(path, mark.FileName))).Select(mark => (ArtifactKind?)mark.Kind).FirstOrDefault() ?? throw Unknown(path);
        }

        if (!File.Exists(path))
        {
            throw new InputException("There is no such file or folder.", path, "Name a checkpoint, statistics, a prune plan or a run.");
        }

        return path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ArtifactKind.Statistics : KindOfJson(path);
    }

    private static ArtifactKind KindOfJson(string path)
    {
        var root = SeerJson.Read<JsonNode>(path, "Name a checkpoint, statistics, a prune plan or a run.") as JsonObject;
        var schema = root?["schema"] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        return schema?.Split('@')[0] switch
        {
            "seer/statistics" => ArtifactKind.Statistics,
            "seer/prune-plan" => ArtifactKind.Plan,
            null when root?.ContainsKey("layers") == true => ArtifactKind.Plan, // written by hand
            _ => throw Unknown(path),
        };
    }

    private static InputException Unknown(string path) =>
        new("This is nothing that is known here.", path, "Name a checkpoint, statistics, a prune plan or a run.");
}
