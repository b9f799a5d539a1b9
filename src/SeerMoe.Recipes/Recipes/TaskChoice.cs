using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes;

/// <summary>One of the tasks of an evaluate step: data of one's own, or a known task on a folder of data.</summary>
/// <param name="Data">Names the data; a folder's own name is its task where <paramref name="Task"/> is null.</param>
/// <param name="Task">A known task, or the path of a task file relative to the recipe's folder.</param>
/// <param name="Shots">Examples before each question.</param>
/// <param name="Limit">Questions or documents of each subject at most; null is what the step says.</param>
public sealed record TaskChoice(string Data, string? Task = null, int Shots = 0, int? Limit = null)
{
    /// <summary>Of the task `generation`: how many prompts, and how long; null for what is usual.</summary>
    public GenerationOptions? Generation { get; init; }

    /// <summary>Whether prompts are continued, and nothing is scored.</summary>
    public bool IsGeneration => Task == GenerationTask.Word;

    /// <summary>What a person would call it.</summary>
    public string Name => Task is null ? Data : Path.GetFileNameWithoutExtension(Task);

    /// <summary>The task that is meant on a folder.</summary>
    public string TaskName => Task ?? Data;

    public static implicit operator TaskChoice(string data) => new(data);

    public override string ToString() => Shots == 0 ? Name : $"{Name} ({Shots} shots)";
}
