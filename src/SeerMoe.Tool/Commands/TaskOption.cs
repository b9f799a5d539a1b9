using SeerMoe.Recipes.Tasks;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Tool.Commands;

/// <summary>What --task and --data mean together: perplexity of a text, a known task on a folder, or questions of the user's own.</summary>
public static class TaskOption
{
    public const string Perplexity = "perplexity";

    /// <exception cref="InputException">Options that do not belong together.</exception>
    /// <exception cref="Recipes.RecipeException">A task file is not right.</exception>
    public static IEvalTask Of(string task, string data, string? format, string? field, int? shots, GenerationOptions? generation = null)
    {
        if (generation is not null)
        {
            return shots is null or 0
                ? new GenerationTask(task, DataFile.Source(data, format, field), generation)
                : throw new InputException("Generation shows no examples.", "--shots", "Leave the option out.");
        }

        if (task != Perplexity && (format, field) is not (null, null))
        {
            throw new InputException($"'{task}' is no text, and its data has one form only.", format is null ? "--field" : "--format", $"Leave the option out, or ask for --task {Perplexity}.");
        }

        if (TaskCatalog.Knows(task))
        {
            return Known(task, data, shots ?? 0);
        }

        if (shots > 0)
        {
            throw new InputException($"'{task}' is no known task, so it has no examples to show.", "--shots", $"{DidYouMean.Hint(task, TaskCatalog.Names)}Leave the option out, or ask for one of {string.Join(", ", TaskCatalog.Names)}.");
        }

        return task == Perplexity ? new EvalTask(task, TaskForm.Perplexity, DataFile.Source(data, format, field)) : OwnQuestions(task, data);
    }

    /// <summary>How many prompts, and how long; null of another task.</summary>
    /// <exception cref="InputException">Another task has none of that.</exception>
    public static GenerationOptions? Generation(string task, int? prompts, int? promptTokens, int? newTokens)
    {
        var usual = new GenerationOptions();
        return task == GenerationTask.Word
                ? new GenerationOptions { Prompts = prompts ?? usual.Prompts, PromptTokens = promptTokens ?? usual.PromptTokens, NewTokens = newTokens ?? usual.NewTokens }
            : (prompts, promptTokens, newTokens) is (null, null, null) ? null
            : throw new InputException($"'{task}' continues no prompts.", "--prompts, --prompt-tokens or --new-tokens", $"Leave the option out, or ask for --task {GenerationTask.Word}.");
    }

    /// <summary>Any name will do for one's own questions, so only data that can't be questions show that a task was meant.</summary>
    private static EvalTask OwnQuestions(string task, string data)
    {
        if (File.Exists(data))
        {
            return new EvalTask(task, TaskForm.MultipleChoice, DataFile.Source(data, "jsonl", field: null));
        }

        string[] known = [Perplexity, GenerationTask.Word, .. TaskCatalog.Names];
        throw new InputException(
            $"'{task}' is no known task, and the data is no file of your own questions: {(Directory.Exists(data) ? "it is a folder" : "it is not there")}.",
            $"--task {task} --data {data}",
            $"{DidYouMean.Hint(task, known)}Known: {string.Join(", ", known)}, or the path of a task file.");
    }

    private static DefinedTask Known(string task, string data, int shots) => File.Exists(data)
        ? throw new InputException($"The task {task} reads a folder, and this is a file.", $"--data {data}", "Name the folder; or give your own questions a name that no known task has.")
        : new DefinedTask(TaskCatalog.Read(task), data, shots);
}
