using System.Text.Json.Serialization;
using SeerMoe.Architectures;

namespace SeerMoe.Torch.Evaluation;

/// <summary>evaluation.json: results by task, ordinal, and the footprint.</summary>
public static class EvaluationFile
{
    private const string Schema = "seer/evaluation@1";

    public static void Write(string path, EvaluationResult evaluation) => AtomicFile.WriteText(path, Text(evaluation));

    /// <summary>The file's text.</summary>
    public static string Text(EvaluationResult evaluation) =>
        SeerJson.Text(new Document(Schema, new SortedDictionary<string, TaskResult>(evaluation.Results.ToDictionary(), StringComparer.Ordinal), evaluation.Footprint));

    private sealed record Document(
        [property: JsonPropertyOrder(0)] string Schema,
        [property: JsonPropertyOrder(1)] IReadOnlyDictionary<string, TaskResult> Results,
        [property: JsonPropertyOrder(2)] Footprint Footprint);
}
