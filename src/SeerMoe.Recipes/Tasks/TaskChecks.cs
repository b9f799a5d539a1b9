using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tasks;

/// <summary>What no single key of a task file shows.</summary>
internal static class TaskChecks
{
    public static IEnumerable<Diagnostic> Check(TaskDefinition task, RecipePlaces places)
    {
        foreach (var (key, split) in (IEnumerable<(string, string?)>)[("split", task.Split), ("few_shot.split", task.FewShot?.Split)])
        {
            if (split is { Length: > 0 } && task.Find(split) is null && !places.Unread("data.splits") && !places.Unread("data"))
            {
                yield return new Diagnostic(places.Of(key), $"{key} names no split of the data", Hints.ForUnknown(split, [.. task.Data.Splits.Select(known => known.Name)], "Splits"));
            }
        }

        if (task.FewShot is not null && task.FewShot.Split == task.Split)
        {
            yield return new Diagnostic(places.Of("few_shot.split"), "examples can't come from the split that is measured", "Name another split.");
        }

        if (task.Form == TaskForm.MultipleChoice && task.DocToChoice is null && !places.Unread("doc_to_choice") && !places.Unread("form"))
        {
            yield return new Diagnostic(places.Of("form"), "a task of multiple choice lacks the key 'doc_to_choice'");
        }

        if (task.Form != TaskForm.MultipleChoice)
        {
            foreach (var key in ((string[])["doc_to_choice", "doc_to_continuation", "target_among"]).Where(places.Has))
            {
                yield return new Diagnostic(places.Of(key), $"{key} has no meaning here", "Only multiple choice has choices.");
            }
        }

        if (task.Form == TaskForm.Perplexity && task.Groups.Count > 0)
        {
            yield return new Diagnostic(places.Of("groups"), "groups have no meaning here", "Perplexities of subjects have no mean; make a task of each.");
        }

        if (task.Data.Format is RowFormat.Csv or RowFormat.Tsv && task.Data.Columns.Count == 0 && !places.Unread("data.columns"))
        {
            yield return new Diagnostic(places.Of("data"), "data lacks the key 'columns', which csv and tsv need", "Name the columns in their order.");
        }

        foreach (var metric in task.Metrics.Except(TaskMetrics.Of(task.Form)))
        {
            yield return new Diagnostic(places.Of("metrics"), $"a task of this form has no {metric.Word()}", $"It has {string.Join(", ", TaskMetrics.Of(task.Form).Select(known => known.Word()))}.");
        }

        foreach (var twice in task.Groups.SelectMany(group => group.Subjects).Concat(task.Groups.Select(group => group.Name)).GroupBy(name => name).Where(names => names.Count() > 1))
        {
            yield return new Diagnostic(places.Of("groups"), $"groups have the name '{twice.Key}' twice");
        }
    }
}
