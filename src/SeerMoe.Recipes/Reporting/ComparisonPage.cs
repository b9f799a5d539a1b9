using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Reporting.Charts;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Reporting;

/// <summary>A run under the name by which a comparison calls it.</summary>
public sealed record NamedReport(string Name, RunReport Report);

/// <summary>Several runs side by side: what each came to, how far from the first, and what they were told differently.</summary>
public static class ComparisonPage
{
    /// <param name="runs">At least two; all others are held against the first.</param>
    public static string Of(IReadOnlyList<NamedReport> runs)
    {
        var tasks = runs.SelectMany(run => Results(run)).Where(result => result.Value.Group is null).Select(result => result.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return HtmlPage.Of(
            string.Join(", ", runs.Select(run => run.Name)),
            $"dotnet seer, comparison of {runs.Count} runs",
            Verdict(runs, tasks),
            $"""
            <section><h2>Results</h2>
            <div class="charts">{Html.Each(tasks, task => Plot(runs, task))}</div>
            {HtmlTable.Of($"each value with its standard error; below it, the difference to {runs[0].Name}", ["", .. runs.Select(run => run.Name)], [.. tasks.Select(task => Row(runs, task)), .. Sizes(runs)])}
            </section>
            <section><h2>What differs</h2>
            {Differences(runs)}
            </section>
            <section><h2>Each by itself</h2>
            {Html.Each(runs, run => $"<h3>{run.Name}</h3><p>{RunVerdict.Of(run.Report)}</p>")}
            </section>

            """);
    }

    private static IReadOnlyDictionary<string, TaskResult> Results(NamedReport run) => run.Report.Evaluation?.Evaluation.Results ?? new Dictionary<string, TaskResult>();

    private static Headline? Number(NamedReport run, string task) => Results(run).GetValueOrDefault(task)?.Headline;

    private static string Verdict(IReadOnlyList<NamedReport> runs, List<string> tasks)
    {
        var told = runs.Skip(1).Select(run =>
        {
            var standings = tasks.Select(task => Number(run, task) is { } one && Number(runs[0], task) is { } first ? Compared.Of(one, first) : null).OfType<Standing>().ToList();
            return standings.Count == 0 ? $"{run.Name} shares no task with it"
                : standings.TrueForAll(standing => standing == Standing.Even) ? $"{run.Name} is within two standard errors on {(standings.Count == 1 ? "the one task" : $"all {standings.Count} tasks")}"
                : $"{run.Name} is better on {standings.Count(standing => standing == Standing.Better)} and worse on {standings.Count(standing => standing == Standing.Worse)} of {(standings.Count == 1 ? "1 task" : $"{standings.Count} tasks")}";
        });
        return $"Beside {runs[0].Name}, {string.Join("; ", told)}.";
    }

    private static Html Plot(IReadOnlyList<NamedReport> runs, string task)
    {
        var known = runs.Select((run, i) => (Run: run, Mark: Mark.OfSeries(i))).Where(pair => Results(pair.Run).ContainsKey(task)).ToList();
        var result = Results(known[0].Run)[task];
        return DotPlot.Of(
            ResultCells.NameOf(task, result),
            [.. known.Select(pair => new DotRow(pair.Run.Name, pair.Mark, Number(pair.Run, task)!.Value, Number(pair.Run, task)!.Stderr))],
            result.Headline.Better == Better.Higher ? "higher" : "lower");
    }

    private static IReadOnlyList<Html> Row(IReadOnlyList<NamedReport> runs, string task)
    {
        var name = ResultCells.NameOf(task, Results(runs.First(run => Results(run).ContainsKey(task)))[task]);
        return [Html.Of($"{name}"), .. runs.Select((run, i) => Number(run, task) is { } number
            ? Html.Of($"{Figure.WithError(number.Value, number.Stderr)}{(i > 0 && Number(runs[0], task) is { } first ? Difference(number, first) : Html.None)}")
            : Html.None)];
    }

    private static Html Difference(Headline number, Headline first) => number.Value is { } one && first.Value is { } other
        ? Html.Of($"""<br><span class="soft">{(one >= other ? "+" : "−")}{Figure.WithError(Math.Abs(one - other), Math.Sqrt(Math.Pow(number.Stderr ?? 0, 2) + Math.Pow(first.Stderr ?? 0, 2)))}{Word(Compared.Of(number, first))}</span>""")
        : Html.None;

    private static string Word(Standing? standing) => standing switch { Standing.Better => ", better", Standing.Worse => ", worse", _ => "" };

    private static IEnumerable<IReadOnlyList<Html>> Sizes(IReadOnlyList<NamedReport> runs)
    {
        (string Name, Func<NamedReport, string> Of)[] rows =
        [
            ("experts kept", run => run.Report.ExpertsBefore is { } before && !run.Report.ExpertsAfter.IsEmpty ? $"{run.Report.ExpertsAfter.Sum()} of {before}" : ""),
            ("parameters", run => run.Report.Evaluation is { } report ? $"{report.Evaluation.Footprint.Parameters:N0}" : ""),
            ("bytes", run => run.Report.Evaluation is { } report ? $"{report.Evaluation.Footprint.Bytes:N0}" : ""),
        ];
        return rows.Select(row => (IReadOnlyList<Html>)[Html.Of($"{row.Name}"), .. runs.Select(run => Html.Of($"{row.Of(run)}"))]);
    }

    private static Html Differences(IReadOnlyList<NamedReport> runs)
    {
        var facts = runs.Select(run => FactsOf(run.Report)).ToList();
        var differing = facts.SelectMany(of => of.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(key => facts.Select(of => of.GetValueOrDefault(key)).Distinct(StringComparer.Ordinal).Count() > 1)
            .ToList();
        return differing.Count == 0
            ? Html.Of($"<p>Nothing: recipe, inputs and versions are the same.</p>")
            : HtmlTable.Of("of recipe, inputs and versions", ["", .. runs.Select(run => run.Name)], differing.Select(key => (IReadOnlyList<Html>)[Html.Of($"<code>{key}</code>"), .. facts.Select(of => Html.Of($"<code>{Short(of.GetValueOrDefault(key))}</code>"))]));
    }

    // Of a digest its beginning is enough to tell two apart; the whole stands in each run's own page.
    private static string Short(string? fact) => fact is null ? "absent" : fact.StartsWith("sha256 ", StringComparison.Ordinal) ? fact[..19] : fact;

    private static Dictionary<string, string> FactsOf(RunReport report) => new(
        RunFacts.Of(report.Recipe).Concat(RunFacts.OfInputs(report.Lock)).Concat(RunFacts.Of(report.Lock.Environment)), StringComparer.Ordinal);
}
