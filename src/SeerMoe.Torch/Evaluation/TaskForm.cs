namespace SeerMoe.Torch.Evaluation;

/// <summary>What a task's numbers are made of.</summary>
public enum TaskForm
{
    /// <summary>Every token of a document.</summary>
    Perplexity,

    /// <summary>The likeliest of several continuations.</summary>
    MultipleChoice,

    /// <summary>One continuation: how likely it is, and whether nothing is likelier.</summary>
    LogLikelihood,
}
