namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// How much continuations repeat themselves, in runs of four tokens.
/// <code>
/// continuation      a b c d a b c d a          runs abcd bcda cdab dabc abcd bcda: 4 of 6 differ
/// repetition4       1 - 4 / 6                  seq-rep-4 of Welleck et al. (arXiv 1908.04319), mean over continuations
/// distinct4         different runs of all continuations / all runs      (Li et al., arXiv 1510.03055)
/// looping           share of continuations with a repetition above a half
/// </code>
/// </summary>
public static class Repetition
{
    private const int Run = 4;
    private const double Looping = 0.5;

    /// <param name="continuations">Without their prompts; one of fewer than four tokens repeats nothing.</param>
    public static TaskResult Of(IReadOnlyList<int[]> continuations)
    {
        var all = new HashSet<(int, int, int, int)>();
        var (runs, repetitions) = (0L, new List<double>());
        foreach (var continuation in continuations)
        {
            var own = Runs(continuation).ToList();
            var different = own.ToHashSet();
            all.UnionWith(different);
            runs += own.Count;
            repetitions.Add(own.Count == 0 ? 0 : 1 - ((double)different.Count / own.Count));
        }

        return new TaskResult
        {
            N = continuations.Count,
            Tokens = continuations.Sum(continuation => (long)continuation.Length),
            Distinct4 = runs == 0 ? null : (double)all.Count / runs,
            Repetition4 = repetitions.Average(),
            Repetition4Stderr = StandardError.OfMean(repetitions),
            Looping = (double)repetitions.Count(repetition => repetition > Looping) / continuations.Count,
        };
    }

    private static IEnumerable<(int, int, int, int)> Runs(int[] ids) =>
        Enumerable.Range(0, Math.Max(0, ids.Length - Run + 1)).Select(i => (ids[i], ids[i + 1], ids[i + 2], ids[i + 3]));
}
