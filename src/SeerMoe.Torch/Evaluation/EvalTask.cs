using SeerMoe.Torch.Calibration;

namespace SeerMoe.Torch.Evaluation;

/// <summary>Something to measure: a file of the user's own, or a <see cref="Tasks.DefinedTask"/>.</summary>
public interface IEvalTask
{
    /// <summary>Names its results.</summary>
    string Name { get; }
}

/// <summary>A file of the user's own: text for perplexity, or questions.</summary>
/// <param name="Source">Its format counts for perplexity only; questions are always jsonl.</param>
public sealed record EvalTask(string Name, TaskForm Form, TextSource Source) : IEvalTask;
