using System.Text.Json.Nodes;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Results in lm-evaluation-harness' schema, for tools that read it: <c>"acc,none": 0.25, "acc_stderr,none": 0.01</c>.
/// Times and hosts are left out, so that equal runs give equal bytes.
/// </summary>
public static class HarnessResults
{
    private const string Filter = "none";
    private const string NotKnown = "N/A";

    /// <param name="model">How the model is named in the file.</param>
    public static void Write(string path, EvaluationResult evaluation, IEnumerable<DefinedTask> tasks, string model, EvaluateOptions options)
    {
        var all = evaluation.Results;
        string[] parents = [.. all.Values.Select(result => result.Group).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        SeerJson.Write(path, new JsonObject
        {
            ["results"] = Each(all, Metrics),
            ["groups"] = Each(all.Where(result => parents.Contains(result.Key)), Metrics),
            ["group_subtasks"] = new JsonObject(parents.Select(parent => KeyValuePair.Create<string, JsonNode?>(
                parent, new JsonArray([.. all.Where(result => result.Value.Group == parent).Select(result => JsonValue.Create(result.Key))])))),
            ["configs"] = new JsonObject(tasks.Select(task => KeyValuePair.Create<string, JsonNode?>(task.Name, Config(task)))),
            ["versions"] = Each(all, (_, result) => result.Version),
            ["n-shot"] = Each(Leaves(), (_, result) => result.Shots ?? 0),
            ["higher_is_better"] = Each(all, (_, result) => HigherIsBetter(result)),
            ["n-samples"] = Each(Leaves(), (_, result) => new JsonObject { ["effective"] = result.N }),
            ["config"] = new JsonObject
            {
                ["model"] = "dotnet-seer",
                ["model_args"] = $"pretrained={model}",
                ["batch_size"] = options.Batch,
                ["limit"] = options.Limit,
            },
            ["model_source"] = "dotnet-seer",
            ["model_name"] = model,
        });

        IEnumerable<KeyValuePair<string, TaskResult>> Leaves() => all.Where(result => !parents.Contains(result.Key));
    }

    private static JsonObject Each(IEnumerable<KeyValuePair<string, TaskResult>> results, Func<string, TaskResult, JsonNode> of) =>
        new(results.Select(result => KeyValuePair.Create<string, JsonNode?>(result.Key, of(result.Key, result.Value))));

    private static JsonObject Metrics(string name, TaskResult result)
    {
        var metrics = new JsonObject { ["alias"] = name };
        foreach (var (metric, value, stderr) in result.Metrics)
        {
            metrics[$"{metric.Word()},{Filter}"] = value;
            metrics[$"{metric.Word()}_stderr,{Filter}"] = stderr is { } known ? known : NotKnown;
        }

        return metrics;
    }

    private static JsonObject HigherIsBetter(TaskResult result) =>
        new(result.Metrics.Select(found => KeyValuePair.Create<string, JsonNode?>(found.Metric.Word(), found.Metric is TaskMetric.Acc or TaskMetric.AccNorm or TaskMetric.AccBytes or TaskMetric.ExactMatch or TaskMetric.Distinct4)));

    private static JsonObject Config(DefinedTask task) => new()
    {
        ["task"] = task.Name,
        ["output_type"] = task.Definition.Form switch
        {
            TaskForm.MultipleChoice => "multiple_choice",
            TaskForm.LogLikelihood => "loglikelihood",
            _ => "loglikelihood_rolling",
        },
        ["description"] = task.Definition.Description.Source,
        ["doc_to_text"] = task.Definition.DocToText.Source,
        ["doc_to_target"] = task.Definition.DocToTarget.Source,
        ["target_delimiter"] = task.Definition.TargetDelimiter,
        ["fewshot_delimiter"] = task.Definition.FewShot?.Delimiter ?? FewShot.DefaultDelimiter,
        ["num_fewshot"] = task.Shots,
        ["metadata"] = new JsonObject { ["version"] = task.Definition.Version },
    };
}
