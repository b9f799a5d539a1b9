using System.Text.Json;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tasks;

/// <summary>What can be reported of a task.</summary>
public enum TaskMetric
{
    Acc,
    AccNorm,
    AccBytes,
    ExactMatch,
    Perplexity,
    WordPerplexity,
    BytePerplexity,
    BitsPerByte,
    Distinct4,
    Repetition4,
    Looping,
}

/// <summary>Which metrics a form has, and what they are called.</summary>
public static class TaskMetrics
{
    public static IReadOnlyList<TaskMetric> Of(TaskForm form) => form switch
    {
        TaskForm.MultipleChoice => [TaskMetric.Acc, TaskMetric.AccNorm, TaskMetric.AccBytes, TaskMetric.ExactMatch],
        TaskForm.LogLikelihood => [TaskMetric.Perplexity, TaskMetric.Acc],
        _ => [TaskMetric.Perplexity, TaskMetric.WordPerplexity, TaskMetric.BytePerplexity, TaskMetric.BitsPerByte],
    };

    /// <summary>As task files and results spell it: `acc_norm`.</summary>
    public static string Word(this TaskMetric metric) => JsonNamingPolicy.SnakeCaseLower.ConvertName(metric.ToString());
}
