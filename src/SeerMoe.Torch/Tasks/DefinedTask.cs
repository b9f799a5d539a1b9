using System.Text.Json.Nodes;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tasks;

/// <summary>A task by its definition, on a folder of data. Rows are read as they are asked for and never held all at once.</summary>
/// <param name="Folder">Holds the files that the definition names.</param>
/// <param name="Shots">Examples before each question.</param>
public sealed record DefinedTask(TaskDefinition Definition, string Folder, int Shots = 0) : IEvalTask
{
    /// <summary>Questions or documents at most, of each subject; null is all.</summary>
    public int? Limit { get; init; }

    public string Name => Definition.Name;

    /// <summary>Those that are reported: the definition's, or all that its form has.</summary>
    public IReadOnlyList<TaskMetric> Metrics => Definition.Metrics.Count > 0 ? Definition.Metrics : TaskMetrics.Of(Definition.Form);

    /// <summary>Those of all groups in order; a single null for a task without subjects.</summary>
    public IEnumerable<string?> Subjects => Definition.Groups.Count == 0 ? [null] : Definition.Groups.SelectMany(group => group.Subjects.Cast<string?>());

    /// <summary>Every file that is read, full paths in reading order.</summary>
    public IEnumerable<string> Files => Splits().SelectMany(split => Subjects.SelectMany(subject => FilesOf(split, subject)));

    /// <summary>`mmlu_anatomy`, or the task's own name.</summary>
    public string NameOf(string? subject) => subject is null ? Name : $"{Name}_{subject}";

    /// <summary>What all questions of a subject begin with: the description, and the examples where they are the same for all.</summary>
    /// <exception cref="InputException">A row is damaged, or there are fewer rows than shots.</exception>
    public string CommonHeader(string? subject) => DrawsShots ? Description(subject) : Description(subject) + string.Concat(Examples(subject, Shots));

    /// <exception cref="InputException">A row is damaged, or there are fewer rows than shots.</exception>
    public IEnumerable<Question> Questions(string? subject)
    {
        var form = new QuestionForm(Definition);
        var headers = Headers(subject);
        return Rows(Definition.Find(Definition.Split)!, subject).Take(Limit ?? int.MaxValue).Zip(headers, form.Question);
    }

    /// <summary>Everything that any row judges by: documents; questions without shots, with and without description, alone and with the right answer.</summary>
    /// <exception cref="InputException">A row is damaged.</exception>
    public IEnumerable<(string Text, string Where)> JudgedTexts()
    {
        var form = new QuestionForm(Definition);
        return
            from subject in Subjects
            let description = Description(subject)
            from row in Rows(Definition.Find(Definition.Split)!, subject)
            from text in Texts(row, description)
            select (text, row.Where);

        IEnumerable<string> Texts(TaskRow row, string description)
        {
            if (Definition.Form == TaskForm.Perplexity)
            {
                var document = form.Document(row);
                return [document.Text, document.Counted];
            }

            var question = form.Question(row);
            var right = question.Options[question.Answer];
            string[] texts = [right.Context, right.Context + right.Continuation];
            return description.Length == 0 ? texts : [.. texts, .. texts.Select(text => description + text)];
        }
    }

    /// <summary>The field `domain` of a row, where the task has no subjects of its own.</summary>
    public string? DomainOf(TaskRow row) =>
        Definition.Groups.Count == 0 && row.Fields.TryGetPropertyValue("domain", out var domain) && domain is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <exception cref="InputException">A row is damaged.</exception>
    public IEnumerable<Document> Documents(string? subject)
    {
        var form = new QuestionForm(Definition);
        return Rows(Definition.Find(Definition.Split)!, subject).Take(Limit ?? int.MaxValue).Select(form.Document);
    }

    /// <summary>Reads all rows once: each must have what the task makes of it, and together they must be as many as were published.</summary>
    /// <returns>Options or documents that will be scored.</returns>
    /// <exception cref="InputException">A file is absent, a row damaged, or rows are missing.</exception>
    public int Check()
    {
        if (!Directory.Exists(Folder))
        {
            throw new InputException($"The data of {Name} is a folder, and there is none.", Folder, $"Name the folder that holds {Path.GetRelativePath(Folder, Files.First())}.");
        }

        return TaskReading<int>.Of(this, CheckRows);
    }

    /// <summary>Of all inputs.</summary>
    /// <exception cref="InputException">A row is damaged.</exception>
    internal TextExtent Extent() => TaskReading<TextExtent>.Of(this, () => TextExtent.Of(Subjects.SelectMany(Inputs)));

    private IEnumerable<string> Inputs(string? subject) => Definition.Form == TaskForm.Perplexity
        ? Documents(subject).Select(document => document.Text)
        : Questions(subject).SelectMany(question => question.Options).Select(option => option.Context + option.Continuation);

    private int CheckRows()
    {
        var form = new QuestionForm(Definition);
        var scored = 0;
        foreach (var split in Splits())
        {
            var rows = 0;
            foreach (var subject in Subjects)
            {
                var taken = 0;
                foreach (var row in Rows(split, subject))
                {
                    rows += row.Lines;
                    var options = Definition.Form == TaskForm.Perplexity ? Once(form.Document(row)) : form.Question(row).Options.Count;
                    scored += split.Name == Definition.Split && taken++ < (Limit ?? int.MaxValue) ? options : 0;
                }

                _ = split.Name == Definition.Split ? Headers(subject).First() : "";
            }

            RefuseOtherCount(split, rows);
        }

        return scored;

        static int Once(Document _) => 1;
    }

    private bool DrawsShots => Shots > 0 && Definition.FewShot?.Sampler == FewShotSampler.Random;

    private string Description(string? subject) => Definition.Description.Render(SubjectField(subject));

    /// <summary>What stands before each question, one after the other without end.</summary>
    private IEnumerable<string> Headers(string? subject)
    {
        if (!DrawsShots)
        {
            var header = CommonHeader(subject);
            while (true)
            {
                yield return header;
            }
        }

        var (description, examples, random) = (Description(subject), Examples(subject, int.MaxValue), new PythonRandom(FewShot.Seed));
        while (true)
        {
            yield return description + string.Concat(random.Sample(examples.Length, Shots).Select(drawn => examples[drawn]));
        }
    }

    private string[] Examples(string? subject, int most)
    {
        if (Shots == 0)
        {
            return [];
        }

        var split = Definition.Find(ShotSplit())!;
        var form = new QuestionForm(Definition);
        string[] examples = [.. Rows(split, subject).Take(most).Select(form.Shot)];
        return examples.Length >= Shots
            ? examples
            : throw new InputException($"There are only {examples.Length} rows to take {Shots} examples from.", FilesOf(split, subject).First(), "Ask for fewer shots.");
    }

    private void RefuseOtherCount(DataSplit split, int rows)
    {
        if (split.Rows is { } published && rows != published)
        {
            throw new InputException(
                $"The {split.Name} split of {Name} has {rows:N0} rows, and was published with {published:N0}.",
                Folder,
                "Get the files anew; or copy the task's definition, leave out 'rows', and name it with --task my-task.yaml.");
        }
    }

    private IEnumerable<DataSplit> Splits() =>
        Definition.Data.Splits.Where(split => split.Name == Definition.Split || (Shots > 0 && split.Name == ShotSplit()));

    private string ShotSplit() => Definition.FewShot?.Split
        ?? throw new InputException($"{Name} has no examples to show.", $"{Shots} shots", "Ask for none.");

    private IEnumerable<TaskRow> Rows(DataSplit split, string? subject)
    {
        string[] files = [.. FilesOf(split, subject)];
        var rows = TaskRows.Read(Definition.Data, files[0]);
        foreach (var row in files.Length == 1 ? rows : TaskRows.WithLabels(rows, files[1]))
        {
            if (subject is not null)
            {
                row.Fields["subject"] = subject;
            }

            yield return row;
        }
    }

    /// <summary>The rows, then their labels where those have a file of their own.</summary>
    /// <exception cref="InputException">A file is not below the data folder: a task file may come from a stranger.</exception>
    private IEnumerable<string> FilesOf(DataSplit split, string? subject) =>
        ((Template?[])[split.Path, split.Labels]).OfType<Template>().Select(path => Below(path.Render(SubjectField(subject))));

    private string Below(string path) => !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..")
        ? Path.Combine(Folder, path)
        : throw new InputException($"The task {Name} asks for '{path}', which is not in the folder of its data.", Folder, "Name files below that folder.");

    private static JsonObject SubjectField(string? subject) => subject is null ? [] : new JsonObject { ["subject"] = subject };
}
