using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeerMoe.Architectures;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>evaluation.json of a run: the numbers, and beside them the neighbours without which they say little.</summary>
/// <param name="Evaluation">Of the newest checkpoint.</param>
/// <param name="Neighbours">Null where the recipe asks for none.</param>
public sealed record EvaluationReport(EvaluationResult Evaluation, Neighbours? Neighbours)
{
    public const string FileName = "evaluation.json";

    /// <summary>Of every task with subjects or domains, beside the full model; null where there is none.</summary>
    public IReadOnlyDictionary<string, WorstDomain>? WorstDomains => Neighbours?.Full is { } full ? WorstDomain.Of(Evaluation.Results, full.Results) : null;

    public void Write(string path) => SeerJson.Write(path, new Document(Evaluation.Results, Evaluation.Footprint, WorstDomains, Neighbours));

    /// <exception cref="InputException">Absent or damaged.</exception>
    public static EvaluationReport Read(string path)
    {
        var document = SeerJson.Read<Document>(path, "Evaluate again.");
        return new EvaluationReport(new EvaluationResult(document.Results, document.Footprint), document.Neighbours);
    }

    private sealed record Document(IReadOnlyDictionary<string, TaskResult> Results, Footprint Footprint, IReadOnlyDictionary<string, WorstDomain>? WorstDomains, Neighbours? Neighbours)
    {
        [JsonPropertyOrder(-1)]
        public string Schema => "seer/evaluation@1";
    }
}

/// <summary>What a result stands beside.</summary>
public sealed record Neighbours
{
    /// <summary>The model before anything was done to it.</summary>
    public EvaluationResult? Full { get; init; }

    /// <summary>As many experts dropped at random.</summary>
    public RandomControl? Random { get; init; }

    /// <summary>The pruned model before it was regularized.</summary>
    public EvaluationResult? Pruned { get; init; }

    [JsonIgnore]
    public bool AreNone => Full is null && Random is null && Pruned is null;
}

/// <summary>One random prune.</summary>
public sealed record RandomRun(long Seed, EvaluationResult Evaluation);

/// <summary>Several random prunes together.</summary>
/// <param name="Seeds">One a prune.</param>
/// <param name="Results">Means over the seeds; standard errors are of that mean, over seeds, and absent for one seed.</param>
/// <param name="PerSeed">The results of each seed, in the order of <paramref name="Seeds"/>, with their own standard errors.</param>
/// <param name="Footprint">The same for all of them.</param>
public sealed record RandomControl(
    ImmutableArray<long> Seeds,
    IReadOnlyDictionary<string, TaskResult> Results,
    ImmutableArray<IReadOnlyDictionary<string, TaskResult>> PerSeed,
    Footprint Footprint)
{
    public static RandomControl Of(IReadOnlyList<RandomRun> runs) => new(
        [.. runs.Select(run => run.Seed)],
        MeanOf([.. runs.Select(run => run.Evaluation.Results)]),
        [.. runs.Select(run => run.Evaluation.Results)],
        runs[0].Evaluation.Footprint);

    /// <summary>Means over seeds, task by task; standard errors are of that mean.</summary>
    internal static IReadOnlyDictionary<string, TaskResult> MeanOf(IReadOnlyList<IReadOnlyDictionary<string, TaskResult>> seeds) =>
        new SortedDictionary<string, TaskResult>(seeds[0].Keys.ToDictionary(task => task, task => MeanOf([.. seeds.Select(results => results[task])])), StringComparer.Ordinal);

    private static TaskResult MeanOf(IReadOnlyList<TaskResult> seeds)
    {
        // A seed whose prune wrecked the model may have no finite number; leaving that seed out would flatter the control.
        double[] Values(Func<TaskResult, double?> metric) => seeds.All(seed => metric(seed) is not null) ? [.. seeds.Select(seed => metric(seed)!.Value)] : [];
        double? Mean(Func<TaskResult, double?> metric) => Values(metric) is { Length: > 0 } values ? values.Average() : null;
        double? Error(Func<TaskResult, double?> metric) => StandardError.OfMean(Values(metric));
        return seeds[0] with
        {
            Acc = Mean(seed => seed.Acc),
            AccStderr = Error(seed => seed.Acc),
            AccNorm = Mean(seed => seed.AccNorm),
            AccNormStderr = Error(seed => seed.AccNorm),
            AccBytes = Mean(seed => seed.AccBytes),
            AccBytesStderr = Error(seed => seed.AccBytes),
            ExactMatch = Mean(seed => seed.ExactMatch),
            ExactMatchStderr = Error(seed => seed.ExactMatch),
            Nll = Mean(seed => seed.Nll),
            Perplexity = Mean(seed => seed.Perplexity),
            PerplexityStderr = Error(seed => seed.Perplexity),
            WordPerplexity = Mean(seed => seed.WordPerplexity),
            BytePerplexity = Mean(seed => seed.BytePerplexity),
            BitsPerByte = Mean(seed => seed.BitsPerByte),
            Distinct4 = Mean(seed => seed.Distinct4),
            Repetition4 = Mean(seed => seed.Repetition4),
            Repetition4Stderr = Error(seed => seed.Repetition4),
            Looping = Mean(seed => seed.Looping),
            KlToBase = Mean(seed => seed.KlToBase),
            Paired = null, // of one prune and its base; each seed's stands in its own results
        };
    }
}
