using System.Text;
using System.Text.Json.Nodes;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>One question or document with everything that decided about it.</summary>
/// <param name="Task">The task, or a subject of it.</param>
/// <param name="Index">From 0 within it.</param>
/// <param name="Row">What the data file says.</param>
/// <param name="Target">The right answer: an index for a choice, else a text.</param>
/// <param name="Arguments">Of each request: context and continuation, or a whole document.</param>
/// <param name="Scores">One a request.</param>
/// <param name="Metrics">Of this one alone, as lm-evaluation-harness keeps them before it sums up.</param>
public sealed record Sample(
    string Task, int Index, JsonObject Row, string Target, IReadOnlyList<IReadOnlyList<string>> Arguments, IReadOnlyList<Score> Scores, JsonObject Metrics)
{
    internal static Sample Of(DefinedTask task, string? subject, int index, Question question, IReadOnlyList<Score> scores, Judgement judged)
    {
        var isChoice = task.Definition.Form == TaskForm.MultipleChoice;
        return new Sample(
            task.NameOf(subject),
            index,
            question.Row!.Fields,
            isChoice ? $"{question.Answer}" : question.Options[question.Answer].Continuation,
            [.. question.Options.Select(option => (string[])[option.Context, option.Continuation])],
            scores,
            Of(task.Metrics, metric => metric switch
            {
                TaskMetric.Acc => isChoice ? judged.Acc : judged.ExactMatch,
                TaskMetric.AccNorm => judged.AccNorm,
                TaskMetric.AccBytes => judged.AccBytes,
                TaskMetric.ExactMatch => judged.ExactMatch,
                _ => judged.LogLikelihood,
            }));
    }

    internal static Sample Of(DefinedTask task, string? subject, int index, Document document, Score score) => new(
        task.NameOf(subject),
        index,
        document.Row!.Fields,
        document.Text,
        [[document.Text]],
        [score],
        Of(task.Metrics, metric => new JsonArray(score.LogLikelihood, metric switch
        {
            TaskMetric.Perplexity => score.Tokens,
            TaskMetric.WordPerplexity => Evaluation.Perplexity.Words(document.Counted),
            _ => Encoding.UTF8.GetByteCount(document.Counted),
        })));

    private static JsonObject Of(IEnumerable<TaskMetric> metrics, Func<TaskMetric, JsonNode> value) =>
        new(metrics.Select(metric => KeyValuePair.Create<string, JsonNode?>(metric.Word(), value(metric))));
}
