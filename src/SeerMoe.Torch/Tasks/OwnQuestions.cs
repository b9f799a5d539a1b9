using System.Collections.Concurrent;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tasks;

/// <summary>Questions of the user's own: a line <c>{"question": "..", "choices": ["..", ".."], "answer": 0}</c>. A task like any other, without a folder.</summary>
public static class OwnQuestions
{
    // One object for one file: what was read of it is remembered by that.
    private static readonly ConcurrentDictionary<(string Name, string File), TaskDefinition> Known = new();

    /// <param name="name">What the user calls it.</param>
    /// <param name="path">The jsonl file.</param>
    public static DefinedTask Of(string name, string path) => new(Known.GetOrAdd((name, Path.GetFileName(path)), own => Definition(own.Name, own.File)), Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".");

    private static TaskDefinition Definition(string name, string file) => new(
        name,
        Version: 1,
        TaskForm.MultipleChoice,
        new TaskData(RowFormat.JsonLines, ["question", "choices", "answer"], [new DataSplit("all", Template.Literal(file), Labels: null, Rows: null)]),
        Split: "all")
    {
        DocToText = Template.Parse("{{question}}"),
        DocToChoice = new TextList([Template.Parse("{{choices}}")], TextListKind.OneField),
        DocToTarget = Template.Parse("{{answer}}"),
        Metrics = [TaskMetric.Acc, TaskMetric.AccNorm, TaskMetric.AccBytes],
    };
}
