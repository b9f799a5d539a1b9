using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tasks;

/// <summary>A task as data: where its rows are, what is made of a row, what is measured. Words are lm-evaluation-harness' own where it has them.</summary>
/// <remarks>
/// <code>
/// description + shots + doc_to_text + target_delimiter + choice
///               each: doc_to_text + target_delimiter + right choice + delimiter
/// </code>
/// </remarks>
public sealed record TaskDefinition(string Name, int Version, TaskForm Form, TaskData Data, string Split)
{
    public FewShot? FewShot { get; init; }

    /// <summary>Stands before everything; rendered with the subject only.</summary>
    public Template Description { get; init; } = Template.Parse("");

    public Template DocToText { get; init; } = Template.Parse("");

    /// <summary>Of multiple choice; null otherwise.</summary>
    public TextList? DocToChoice { get; init; }

    /// <summary>What follows every choice and is what is scored: the choices are contexts then, in place of <see cref="DocToText"/>.</summary>
    public Template? DocToContinuation { get; init; }

    /// <summary>The right choice; of other forms the text that is scored.</summary>
    public Template DocToTarget { get; init; } = Template.Parse("");

    /// <summary>The right choice is where in this list the target stands; null: the target is its index, from 0.</summary>
    public TextList? TargetAmong { get; init; }

    public string TargetDelimiter { get; init; } = " ";

    /// <summary>Made on every rendered text, each choice by itself.</summary>
    public IReadOnlyList<TextEdit> Edits { get; init; } = [];

    /// <summary>Those that are reported.</summary>
    public IReadOnlyList<TaskMetric> Metrics { get; init; } = [];

    /// <summary>Subjects by group; empty for a task without subjects.</summary>
    public IReadOnlyList<SubjectGroup> Groups { get; init; } = [];

    public DataSplit? Find(string split) => Data.Splits.FirstOrDefault(found => found.Name == split);
}

/// <summary>How the rows of a task are stored.</summary>
/// <param name="Columns">In the order of the file for csv and tsv; those that a line must have for jsonl.</param>
public sealed record TaskData(RowFormat Format, IReadOnlyList<string> Columns, IReadOnlyList<DataSplit> Splits);

/// <summary>One file of rows, or one a subject.</summary>
/// <param name="Path">Below the data folder; may name the subject.</param>
/// <param name="Labels">A file with a line a row, which becomes the column `label`; null where rows have their own.</param>
/// <param name="Rows">Of all subjects together, as published; null where nobody knows.</param>
public sealed record DataSplit(string Name, Template Path, Template? Labels, int? Rows);

/// <summary>Where examples come from, and which of them.</summary>
/// <param name="Split">Not the one that is measured.</param>
/// <param name="Delimiter">After each.</param>
/// <param name="Sampler">Which rows.</param>
public sealed record FewShot(string Split, string Delimiter = FewShot.DefaultDelimiter, FewShotSampler Sampler = FewShotSampler.FirstN)
{
    public const string DefaultDelimiter = "\n\n";

    /// <summary>The harness' own, whatever the recipe's seed: examples are part of the task.</summary>
    public const uint Seed = 1234;
}

/// <summary>How examples are chosen.</summary>
public enum FewShotSampler
{
    /// <summary>The first rows of the split in file order, the same for every question.</summary>
    FirstN,

    /// <summary>Others for each question, drawn as the harness draws them: one generator a subject, a sample a question.</summary>
    Random,
}

/// <summary>Subjects that are summed up together.</summary>
public sealed record SubjectGroup(string Name, IReadOnlyList<string> Subjects);

/// <summary>The form of a data file.</summary>
public enum RowFormat
{
    /// <summary>RFC 4180 without a header; quoted fields may hold line breaks.</summary>
    Csv,

    /// <summary>Columns parted by tabs, nothing quoted.</summary>
    Tsv,

    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>Text of WikiText: a page begins at a heading ` = Title = `. A page is the column `page`.</summary>
    Pages,
}
