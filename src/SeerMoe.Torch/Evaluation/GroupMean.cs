namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Subjects together, as lm-evaluation-harness sums groups up: means weighted by size, errors pooled.
/// <code>
/// stderr² = sum of (n - 1) n stderr² / (sum of n - number of subjects) / sum of n
/// </code>
/// </summary>
public static class GroupMean
{
    /// <param name="subjects">Results of one task, all with the same metrics.</param>
    public static TaskResult Of(IReadOnlyList<TaskResult> subjects) => subjects[0] with
    {
        N = subjects.Sum(subject => subject.N),
        Group = null,
        Tokens = subjects.Sum(subject => subject.Tokens),
        KlToBase = subjects.Sum(subject => subject.KlToBase * subject.Tokens) / subjects.Sum(subject => subject.Tokens) is { } mean && subjects.All(subject => subject.KlToBase is not null) ? mean : null,
        Paired = subjects.All(subject => subject.Paired is not null) ? PairedAnswers.Sum([.. subjects.Select(subject => subject.Paired!)]) : null,
        Acc = Mean(subjects, subject => subject.Acc),
        AccStderr = Pooled(subjects, subject => subject.AccStderr),
        AccNorm = Mean(subjects, subject => subject.AccNorm),
        AccNormStderr = Pooled(subjects, subject => subject.AccNormStderr),
        AccBytes = Mean(subjects, subject => subject.AccBytes),
        AccBytesStderr = Pooled(subjects, subject => subject.AccBytesStderr),
        ExactMatch = Mean(subjects, subject => subject.ExactMatch),
        ExactMatchStderr = Pooled(subjects, subject => subject.ExactMatchStderr),
    };

    private static double? Mean(IReadOnlyList<TaskResult> subjects, Func<TaskResult, double?> metric) =>
        subjects.Sum(subject => metric(subject) * subject.N) is { } sum && subjects.All(subject => metric(subject) is not null) ? sum / subjects.Sum(subject => subject.N) : null;

    private static double? Pooled(IReadOnlyList<TaskResult> subjects, Func<TaskResult, double?> stderr)
    {
        double n = subjects.Sum(subject => subject.N);
        if (n == subjects.Count || subjects.Any(subject => stderr(subject) is null))
        {
            return null; // a subject of one question has no error of its own
        }

        return Math.Sqrt(subjects.Sum(subject => (subject.N - 1) * (double)subject.N * Math.Pow(stderr(subject)!.Value, 2)) / (n - subjects.Count) / n);
    }
}
