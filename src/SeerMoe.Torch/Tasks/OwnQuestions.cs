using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tasks;

/// <summary>Questions of the user's own: a line <c>{"question": "..", "choices": ["..", ".."], "answer": 0}</c>. A task like any other, without a folder.</summary>
public static class OwnQuestions
{
    /// <param name="name">What the user calls it.</param>
    /// <param name="path">The jsonl file.</param>
    public static DefinedTask Of(string name, string path) => new(Definition(name, Path.GetFileName(path)), Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".");

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
