using System.Collections.Immutable;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Reproducing;

/// <summary>
/// Runs again from a lock and compares.
/// <code>
/// same versions, device class and precision    every digest
/// anything else of the environment differs     every digest still, and where one differs the metrics of the evaluation
/// </code>
/// </summary>
public static class Reproducer
{
    /// <param name="locked">What to reproduce.</param>
    /// <param name="plan">Of the same, here.</param>
    /// <param name="output">A new folder: nothing that was done before is reused.</param>
    /// <param name="progress">Told stage by stage.</param>
    /// <param name="interrupted">Looked at wherever there is no progress to tell.</param>
    /// <exception cref="InputException">Nothing could be compared, or the run fails.</exception>
    public static Reproduction Reproduce(LockedRun locked, RunPlan plan, string output, IProgress<Progress>? progress = null, CancellationToken interrupted = default)
    {
        NewFolder.RefuseExisting(output);
        ImmutableArray<ChangedFact> because = [.. RunFacts.Differences(RunFacts.Of(locked.Lock.Environment), RunFacts.Of(plan.Environment))];
        var before = because.IsEmpty ? null : Evaluation(locked);
        var found = Runner.Run(plan, output, progress, interrupted);
        ImmutableArray<OtherOutput> others = [.. Others(locked.Lock, found.Lock)];
        var outputs = locked.Lock.Stages.Sum(stage => stage.Outputs.Length);
        if (before is null || others.IsEmpty)
        {
            return new Reproduction(ComparedBy.Digests, because, outputs, others, Metrics: []);
        }

        var samePrecision = locked.Lock.Environment.Dtype == plan.Environment.Dtype;
        return new Reproduction(ComparedBy.Metrics, because, outputs, others, ComparedMetric.Of(before, found.Result<EvaluateResult>()!.Report, samePrecision));
    }

    private static IEnumerable<OtherOutput> Others(RunLock locked, RunLock found)
    {
        var (before, now) = (Digests(locked), Digests(found));
        return before.Keys.Union(now.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(path => new OtherOutput(path, before.GetValueOrDefault(path), now.GetValueOrDefault(path)))
            .Where(output => output.Locked != output.Found);
    }

    private static Dictionary<string, string> Digests(RunLock runLock) =>
        runLock.Stages.SelectMany(stage => stage.Outputs).ToDictionary(output => output.Path, output => output.Sha256, StringComparer.Ordinal);

    /// <summary>The evaluation that the lock vouches for, which is all that another device or version can be held against.</summary>
    private static EvaluationReport Evaluation(LockedRun locked)
    {
        var output = locked.Lock.Stages.SelectMany(stage => stage.Outputs).FirstOrDefault(output => Path.GetFileName(output.Path) == EvaluationReport.FileName)
            ?? throw new InputException("Versions or device are not those of the lock, and the run has no evaluation: there is nothing to compare.", locked.Folder, "Reproduce it where versions and device are the same.");
        var path = Path.Combine(locked.Folder, output.Path);
        return File.Exists(path) && HashedFile.Of(path, output.Path) == output
            ? EvaluationReport.Read(path)
            : throw new InputException("Versions or device are not those of the lock, and the evaluation that it vouches for is not beside it.", path, "Copy it there from the run.");
    }
}
