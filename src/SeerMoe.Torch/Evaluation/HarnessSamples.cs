using System.Globalization;
using System.Text.Json.Nodes;
using SeerMoe.Digests;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Samples as lm-evaluation-harness logs them: a file <c>samples_TASK.jsonl</c> a task, a line a question. Lines are written as they come.
/// The row and its hash are those of the data file here, which is not always the harness' data set.
/// </summary>
/// <param name="folder">Is there.</param>
public sealed class HarnessSamples(string folder) : IDisposable
{
    private string? _task;
    private StreamWriter? _file;

    /// <summary>Samples of one task follow each other.</summary>
    public void Write(Sample sample)
    {
        if (sample.Task != _task)
        {
            _file?.Dispose();
            _file = new StreamWriter(Path.Combine(folder, $"samples_{sample.Task}.jsonl")) { NewLine = "\n" };
            _task = sample.Task;
        }

        _file!.WriteLine(Line(sample).ToJsonString(SeerJson.Line));
    }

    public void Dispose() => _file?.Dispose();

    private static JsonObject Line(Sample sample)
    {
        var line = new JsonObject
        {
            ["doc_id"] = sample.Index,
            ["doc"] = sample.Row.DeepClone(),
            ["target"] = sample.Target,
            ["arguments"] = new JsonObject(sample.Arguments.Select((request, i) => KeyValuePair.Create<string, JsonNode?>(
                $"gen_args_{i}",
                new JsonObject(request.Select((text, j) => KeyValuePair.Create<string, JsonNode?>($"arg_{j}", text)))))),
            ["resps"] = new JsonArray([.. sample.Scores.Select(score => new JsonArray(Response(score)))]),
            ["filtered_resps"] = new JsonArray([.. sample.Scores.Select(Response)]),
            ["filter"] = "none",
            ["metrics"] = new JsonArray([.. sample.Metrics.Select(metric => JsonValue.Create(metric.Key))]),
            ["doc_hash"] = TextDigest.Of(sample.Row.ToJsonString(SeerJson.Indented)),
            ["prompt_hash"] = TextDigest.Of(sample.Arguments[0][0]),
            ["target_hash"] = TextDigest.Of(sample.Target),
        };
        foreach (var (metric, value) in sample.Metrics)
        {
            line[metric] = value!.DeepClone();
        }

        return line;
    }

    // ["-1.25", "False"]: the harness turns numbers and truths into text.
    private static JsonArray Response(Score score) =>
        [score.LogLikelihood.ToString("R", CultureInfo.InvariantCulture), score.IsGreedy ? "True" : "False"];
}
