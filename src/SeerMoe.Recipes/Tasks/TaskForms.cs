using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tasks;

/// <summary>The keys of a task file.</summary>
internal static class TaskForms
{
    private static readonly TaskDefinition Blank = new("", 0, TaskForm.MultipleChoice, new TaskData(RowFormat.JsonLines, [], []), "");

    private static readonly RecordForm<DataSplit> Split = new RecordForm<DataSplit>("a split", () => new DataSplit("", Template.Parse(""), null, null))
        .Key("path", TemplateForm.Instance, s => s.Path, (s, v) => s with { Path = v }, required: true)
        .Key("labels", TemplateForm.Instance, s => s.Labels, (s, v) => s with { Labels = v })
        .Key("rows", NumberForm<int>.From(1), s => s.Rows, (s, v) => s with { Rows = v });

    private static readonly RecordForm<TaskData> Data = new RecordForm<TaskData>("data", () => Blank.Data)
        .Key("format", new ChoiceForm<RowFormat>("format", [("csv", RowFormat.Csv), ("tsv", RowFormat.Tsv), ("jsonl", RowFormat.JsonLines), ("pages", RowFormat.Pages)]), d => d.Format, (d, v) => d with { Format = v }, required: true)
        .Key("columns", new ListForm<string>(TextForm.Any), d => [.. d.Columns], (d, v) => d with { Columns = v })
        .Key("splits", new NamedForm<DataSplit>(Split, (split, name) => split with { Name = name }, split => split.Name), d => [.. d.Splits], (d, v) => d with { Splits = v }, required: true);

    private static readonly RecordForm<FewShot> FewShot = new RecordForm<FewShot>("few_shot", () => new FewShot(""))
        .Key("split", TextForm.Any, f => f.Split, (f, v) => f with { Split = v }, required: true)
        .Key("delimiter", ProseForm.Instance, f => f.Delimiter, (f, v) => f with { Delimiter = v })
        .Key("sampler", new ChoiceForm<FewShotSampler>("sampler", [("first_n", FewShotSampler.FirstN), ("random", FewShotSampler.Random)]), f => f.Sampler, (f, v) => f with { Sampler = v });

    public static readonly RecordForm<TaskDefinition> Task = new RecordForm<TaskDefinition>("the task", () => Blank)
        .Key("name", NameForm.Instance, t => t.Name, (t, v) => t with { Name = v }, required: true)
        .Key("version", NumberForm<int>.From(0), t => t.Version, (t, v) => t with { Version = v }, required: true)
        .Key("form", new ChoiceForm<TaskForm>("form", Forms), t => t.Form, (t, v) => t with { Form = v }, required: true)
        .Key("data", Data, t => t.Data, (t, v) => t with { Data = v }, required: true)
        .Key("split", TextForm.Any, t => t.Split, (t, v) => t with { Split = v }, required: true)
        .Key("few_shot", FewShot, t => t.FewShot, (t, v) => t with { FewShot = v })
        .Key("description", TemplateForm.Instance, t => t.Description, (t, v) => t with { Description = v })
        .Key("doc_to_text", TemplateForm.Instance, t => t.DocToText, (t, v) => t with { DocToText = v })
        .Key("doc_to_choice", TextListForm.Instance, t => t.DocToChoice, (t, v) => t with { DocToChoice = v })
        .Key("doc_to_continuation", TemplateForm.Instance, t => t.DocToContinuation, (t, v) => t with { DocToContinuation = v })
        .Key("doc_to_target", TemplateForm.Instance, t => t.DocToTarget, (t, v) => t with { DocToTarget = v }, required: true)
        .Key("target_among", TextListForm.Instance, t => t.TargetAmong, (t, v) => t with { TargetAmong = v })
        .Key("target_delimiter", ProseForm.Instance, t => t.TargetDelimiter, (t, v) => t with { TargetDelimiter = v })
        .Key("edits", new ListForm<TextEdit>(EditForm.Instance), t => [.. t.Edits], (t, v) => t with { Edits = v })
        .Key("metrics", new ListForm<TaskMetric>(new ChoiceForm<TaskMetric>("metric", [.. Enum.GetValues<TaskMetric>().Select(metric => (metric.Word(), metric))])), t => [.. t.Metrics], (t, v) => t with { Metrics = v })
        .Key("groups", new NamedForm<SubjectGroup>(new SubjectsForm(), (group, name) => group with { Name = name }, group => group.Name), t => [.. t.Groups], (t, v) => t with { Groups = v });

    private static IReadOnlyList<(string Word, TaskForm Value)> Forms =>
        [("multiple_choice", TaskForm.MultipleChoice), ("loglikelihood", TaskForm.LogLikelihood), ("perplexity", TaskForm.Perplexity)];
}
