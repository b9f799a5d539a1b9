using SeerMoe.Recipes.Tasks;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Planning;

/// <summary>The tasks of an evaluate step, as the engine takes them.</summary>
internal static class PlannedTasks
{
    /// <summary>Data of the user's own by its format, a folder by the task that is named for it.</summary>
    /// <exception cref="RecipeException">A task file is not right.</exception>
    /// <exception cref="InputException">A task file can't be read.</exception>
    public static IEvalTask Of(RecipeFile file, TaskChoice choice)
    {
        var source = file.Recipe.Find(choice.Data)!;
        return source.Format switch
        {
            _ when choice.IsGeneration => new GenerationTask(choice.Name, source.At(file.Resolve(source.Path)), choice.Generation ?? new GenerationOptions()),
            DataFormat.Folder => Defined(file, choice),
            DataFormat.Choices => new EvalTask(choice.Data, TaskForm.MultipleChoice, source.At(file.Resolve(source.Path))),
            _ => new EvalTask(choice.Data, TaskForm.Perplexity, source.At(file.Resolve(source.Path))),
        };
    }

    /// <summary>Those of a step that run on folders.</summary>
    public static IEnumerable<TaskChoice> OnFolders(RecipeFile file, Step step) =>
        step is EvaluateStep evaluate ? evaluate.Tasks.Where(choice => file.Recipe.Find(choice.Data)!.Format == DataFormat.Folder) : [];

    /// <summary>A known task, or the one in a file.</summary>
    public static DefinedTask Defined(RecipeFile file, TaskChoice choice)
    {
        var task = choice.TaskName;
        var definition = TaskCatalog.Read(TaskCatalog.IsFile(task) ? file.Resolve(task) : task);
        return new DefinedTask(definition, file.Resolve(file.Recipe.Find(choice.Data)!.Path), choice.Shots) { Limit = choice.Limit };
    }

    /// <summary>The files that a task reads, under the names by which a stage's inputs go.</summary>
    public static IEnumerable<(string Name, string Path)> Files(RecipeFile file, TaskChoice choice)
    {
        var defined = Defined(file, choice);
        return defined.Files
            .Select(path => ($"data/{choice.Data}/{Path.GetRelativePath(defined.Folder, path).Replace('\\', '/')}", path))
            .Concat(TaskCatalog.IsFile(choice.TaskName) ? [($"task/{choice.Name}", file.Resolve(choice.TaskName))] : []);
    }
}
