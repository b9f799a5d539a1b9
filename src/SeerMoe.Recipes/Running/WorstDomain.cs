using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>The subject or domain of a task that lost most: a mean that holds can hide one that broke.</summary>
/// <param name="Domain">Its result's name.</param>
/// <param name="Metric">`acc`, by how much it fell; else `perplexity`, by how many times it grew.</param>
/// <param name="Base">The full model's.</param>
/// <param name="Value">The model's own.</param>
public sealed record WorstDomain(string Domain, string Metric, double Base, double Value)
{
    /// <summary>By task; null where no task has subjects or domains.</summary>
    public static IReadOnlyDictionary<string, WorstDomain>? Of(IReadOnlyDictionary<string, TaskResult> results, IReadOnlyDictionary<string, TaskResult> ofBase)
    {
        var groups = results.Values.Select(result => result.Group).ToHashSet();
        var worst = results
            .Where(result => result.Value.Group is not null && !groups.Contains(result.Key) && ofBase.ContainsKey(result.Key))
            .GroupBy(result => TaskOf(result.Key, results), result => Of(result.Key, result.Value, ofBase[result.Key]), StringComparer.Ordinal)
            .Select(task => (task.Key, Worst: task.OfType<(WorstDomain Domain, double Loss)>().OrderByDescending(domain => domain.Loss).Select(domain => domain.Domain).FirstOrDefault()))
            .Where(task => task.Worst is not null)
            .ToDictionary(task => task.Key, task => task.Worst!, StringComparer.Ordinal);
        return worst.Count == 0 ? null : new SortedDictionary<string, WorstDomain>(worst, StringComparer.Ordinal);
    }

    private static string TaskOf(string name, IReadOnlyDictionary<string, TaskResult> results) =>
        results[name].Group is { } group ? TaskOf(group, results) : name;

    private static (WorstDomain Domain, double Loss)? Of(string name, TaskResult result, TaskResult ofBase) => (ofBase, result) switch
    {
        ({ Acc: { } before }, { Acc: { } now }) => (new WorstDomain(name, "acc", before, now), before - now),
        ({ Perplexity: { } before }, { Perplexity: { } now }) => (new WorstDomain(name, "perplexity", before, now), now / before),
        _ => null,
    };
}
