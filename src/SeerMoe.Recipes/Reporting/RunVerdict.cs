using SeerMoe.Recipes.Running;

namespace SeerMoe.Recipes.Reporting;

/// <summary>What came out of a run, in one sentence: what was cut, whether the choice beats chance, and how far the result is from the full model.</summary>
public static class RunVerdict
{
    public static string Of(RunReport report)
    {
        if (report.Evaluation is not { } evaluation)
        {
            return $"{Cut(report) ?? $"{report.Recipe.Name} ran"}; nothing was evaluated, so nothing is known of its worth.";
        }

        var models = ComparedModel.Of(report.Recipe, evaluation).ToList();
        ComparedModel? Find(ComparedKind kind) => models.Find(model => model.Kind == kind);
        var newest = models[^1];
        var chosen = Find(ComparedKind.Pruned) ?? newest;
        var isTuned = report.Steps.Length > 0;
        string?[] clauses =
        [
            Cut(report, Find(ComparedKind.Full), newest),
            // A random prune is not trained, so it stands beside the prune alone.
            Find(ComparedKind.Random) is { } random && (!isTuned || chosen != newest) ? BesideChance(chosen, random) : null,
            Find(ComparedKind.Full) is { } full && newest != full ? BesideFull(newest, full, isTuned) : null,
        ];
        var told = clauses.OfType<string>().ToList();
        return told.Count == 0 ? $"{Title(newest.Title)} was evaluated on {Tasks(newest.Results.Count(result => result.Value.Group is null))}." : $"{Title(string.Join("; ", told))}.";
    }

    /// <summary>"24 of 32 experts kept, 21.4% fewer bytes".</summary>
    private static string? Cut(RunReport report, ComparedModel? full = null, ComparedModel? newest = null)
    {
        if (report.Plan is null || report.ExpertsBefore is not { } before)
        {
            return null;
        }

        var kept = report.LastCount is null ? report.Plan.Layers.Sum(layer => layer.Survivors.Length) : report.ExpertsAfter.Sum();
        var bytes = full is null || newest is null ? "" : $", {1 - ((double)newest.Footprint.Bytes / full.Footprint.Bytes):P1} fewer bytes".Replace(" %", "%", StringComparison.Ordinal);
        return $"{kept} of {before} experts kept{bytes}";
    }

    private static string? BesideChance(ComparedModel chosen, ComparedModel random)
    {
        var standings = Standings(chosen, random);
        if (standings.Count == 0)
        {
            return null;
        }

        var (better, worse) = (standings.Count(task => task.Standing == Standing.Better), standings.Count(task => task.Standing == Standing.Worse));
        return (better, worse) switch
        {
            (0, 0) => $"the choice is no better than chance on {(standings.Count == 1 ? "the one task" : $"any of {standings.Count} tasks")}",
            (0, _) => $"the choice is worse than chance on {Named(standings, Standing.Worse)} and better on none",
            (_, 0) when better == standings.Count => $"the choice beats random prunes on {All(standings.Count)}",
            (_, 0) => $"the choice beats random prunes on {Named(standings, Standing.Better)}, elsewhere it is no better than chance",
            _ => $"the choice beats random prunes on {Named(standings, Standing.Better)} and is worse on {Named(standings, Standing.Worse)}",
        };
    }

    private static string? BesideFull(ComparedModel newest, ComparedModel full, bool isTuned)
    {
        var standings = Standings(newest, full);
        if (standings.Count == 0)
        {
            return null;
        }

        var held = standings.Count(task => task.Standing != Standing.Worse);
        var after = isTuned ? "after training " : "";
        return held == standings.Count ? $"{after}it is within two standard errors of the full model, or better, on {All(held)}"
            : held == 0 ? $"{after}it is worse than the full model on {All(standings.Count)}"
            : $"{after}it is within two standard errors of the full model on {held} of {standings.Count} tasks, and worse on {Named(standings, Standing.Worse)}";
    }

    private static List<(string Task, Standing? Standing)> Standings(ComparedModel one, ComparedModel other) =>
    [
        .. one.Results.Where(result => result.Value.Group is null && other.Results.ContainsKey(result.Key))
            .Select(result => (result.Key, Compared.Of(result.Value.Headline, other.Results[result.Key].Headline)))
            .Where(task => task.Item2 is not null),
    ];

    /// <summary>"facts and sst5"; more than three are counted: "7 of 57 tasks".</summary>
    private static string Named(List<(string Task, Standing? Standing)> standings, Standing standing)
    {
        List<string> names = [.. standings.Where(task => task.Standing == standing).Select(task => task.Task)];
        return names.Count > 3 ? $"{names.Count} of {standings.Count} tasks" : names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    private static string Tasks(int count) => count == 1 ? "1 task" : $"{count} tasks";

    private static string All(int count) => count switch { 1 => "the one task", 2 => "both tasks", _ => $"all {count} tasks" };

    private static string Title(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
