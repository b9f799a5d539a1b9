using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Reporting.Charts;
using SeerMoe.Recipes.Running;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Reporting;

/// <summary>The page of one run, from the verdict down to the digests.</summary>
/// <param name="report">What it tells.</param>
public sealed class RunPage(RunReport report)
{
    /// <summary>The whole document.</summary>
    public static string Of(RunReport report) => new RunPage(report).Text();

    private string Text() => HtmlPage.Of(
        report.Recipe.Name,
        $"dotnet seer, report of a run",
        RunVerdict.Of(report),
        $"{Tiles()}{Stages()}{Results()}{Experts()}{Routing()}{Training()}{Proof()}");

    private Html Tiles()
    {
        var models = report.Evaluation is { } evaluation ? ComparedModel.Of(report.Recipe, evaluation).ToList() : [];
        var full = models.Find(model => model.Kind == ComparedKind.Full);
        List<(string Value, string Of)> tiles =
        [
            .. report.ExpertsBefore is { } before && !report.ExpertsAfter.IsEmpty ? [($"{report.ExpertsAfter.Sum()} of {before}", "experts kept")] : Array.Empty<(string, string)>(),
            .. models.Count > 0 ? [(ShortNumber.Of(models[^1].Footprint.Bytes), $"bytes{(full is null ? "" : $", from {ShortNumber.Of(full.Footprint.Bytes)}")}"), (ShortNumber.Of(models[^1].Footprint.ActiveParameters), "active parameters")] : Array.Empty<(string, string)>(),
            .. report.FirstCount is { } count ? [(ShortNumber.Of(count.Tokens), "tokens counted")] : Array.Empty<(string, string)>(),
            .. report.Steps.Length > 0 ? [($"{report.Steps.Length}", $"steps, {TopK(report.Steps[0].TopK, report.Steps[^1].TopK)}")] : Array.Empty<(string, string)>(),
        ];
        return $"""<ul class="tiles">{Html.Each(tiles, tile => $"<li><strong>{tile.Value}</strong><span>{tile.Of}</span></li>")}</ul>""";
    }

    private static string TopK(int first, int last) => first == last ? $"top-{first}" : $"top-{first} to top-{last}";

    private Html Stages()
    {
        var made = report.Lock.Environment;
        return $"""
            <section><h2>What was run</h2>
            <p>Model <code>{report.Recipe.Model}</code>, seed {report.Lock.Seed}, on {made.Device} in {made.Dtype}, by seer {made.Tool} (.NET {made.Dotnet}, TorchSharp {made.Torchsharp}, libtorch {made.Libtorch}).</p>
            <ol class="stages">{Html.Each(report.Recipe.Rolled, step => $"<li><b>{step.StageId}</b>{StageText.Of(report.Recipe, step)}</li>")}</ol>
            </section>

            """;
    }

    private Html Results()
    {
        if (report.Evaluation is not { } evaluation)
        {
            return Html.None;
        }

        var cells = ResultCells.Of(report.Recipe, evaluation);
        var tasks = cells.Models[^1].Results.Where(result => result.Value.Group is null);
        return $"""
            <section><h2>Results</h2>
            <div class="charts">{Html.Each(tasks, task => DotPlot.Of(
                ResultCells.NameOf(task.Key, task.Value), [.. cells.Models.Select(model => DotRow.Of(model, task.Key))], task.Value.Headline.Better == Better.Higher ? "higher" : "lower"))}</div>
            {HtmlTable.Of(cells)}
            </section>

            """;
    }

    private Html Experts()
    {
        if (report.LastCount is not { } count)
        {
            return Html.None;
        }

        IReadOnlyList<IReadOnlySet<int>>? survivors = report.Plan is null ? null : [.. count.Layers.Select(layer => (IReadOnlySet<int>)(report.SurvivorsOf(layer)?.ToHashSet() ?? Enumerable.Range(0, layer.Experts).ToHashSet()))];
        List<int> layers = [.. count.Layers.Select(layer => layer.Layer)];
        var scores = report.Plan is { Criterion: not (null or "actual") } plan ? Scores(plan, count) : null;
        return $"""
            <section><h2>Experts</h2>
            {Html.Each(report.Edges.IsEmpty ? [] : CertaintyText.Of(report.Plan!, report.Edges), line => $"<p>{line}</p>")}
            <div class="charts">
            {(scores is null ? Html.None : HeatMap.Of($"Score by {report.Plan!.Criterion}", layers, scores, survivors, "struck through: dropped"))}
            {HeatMap.Of("Tokens routed", layers, [.. count.Layers.Select(layer => layer.Actual)], survivors, $"of {count.Tokens:N0} counted tokens, each sent to {count.TopK} experts{(survivors is null ? "" : "; struck through: dropped")}")}
            {Certainty()}</div>
            </section>

            """;
    }

    private Html Certainty()
    {
        if (report.Plan is not { } plan || report.Edges is not [var first, ..] || plan.Layers.Any(layer => layer.Scores is null))
        {
            return Html.None;
        }

        return first.Layer is null ? RankPlot.Of(plan, first) : report.Edges.All(edge => edge.Errors is not null) ? GapPlot.Of(report.Edges) : Html.None;
    }

    private static IReadOnlyList<IReadOnlyList<double>>? Scores(PrunePlan plan, ExpertStatistics count)
    {
        var rows = count.Layers.Select(layer => plan.Layers.FirstOrDefault(planned => planned.Layer == layer.Layer)?.Scores).ToList();
        return rows.Contains(null) ? null : [.. rows.Select(row => (IReadOnlyList<double>)row!.Value)];
    }

    private Html Routing()
    {
        if (report.FirstCount is not { } count)
        {
            return Html.None;
        }

        const int last = 10; // steps: one batch alone is noise
        var told = report.Steps.Select(step => step.LayerEntropy).OfType<IReadOnlyList<double>>().Where(row => row.Count == count.Layers.Length).TakeLast(last).ToList();
        double[] after = told.Count == 0 ? [] : [.. count.Layers.Select((_, l) => told.Average(row => row[l]))];
        return $"""
            <section><h2>Routing</h2>
            <p>How undecided the routers are: 0 where every token has one expert that it wants, ln E where all E are alike.{(after.Length > 0 ? " Fewer experts lower the most it can be; the regulariser lowers the rest." : "")}</p>
            <div class="charts">{EntropyPlot.Of([.. count.Layers.Select(layer => layer.Layer)], [.. count.Layers.Select(layer => layer.Entropy)], after, report.ExpertsAfter)}</div>
            </section>

            """;
    }

    private Html Training()
    {
        if (report.Steps.IsEmpty)
        {
            return Html.None;
        }

        double[] Values(Func<Torch.Training.TrainingStep, double> of) => [.. report.Steps.Select(of)];
        return $"""
            <section><h2>Training</h2>
            <div class="charts">
            {LinePlot.Of("Loss", "nats", [("whole loss", "pruned", Values(step => step.Loss)), ("task loss", "newest", Values(step => step.TaskLoss))])}
            {LinePlot.Of("Router entropy", "nats", [("mean over layers and tokens", "newest", Values(step => step.Entropy))])}
            {LinePlot.OfSteps("Experts a token is sent to", "top-K", "top-K", Values(step => step.TopK))}
            </div></section>

            """;
    }

    private Html Proof() =>
        $"""
        <section><h2>Proof</h2>
        <p>The lock beside this page, <code>seer.lock.json</code>, holds the digest of every input and output. In the folder that holds both:</p>
        <pre><code>dotnet seer verify .
        dotnet seer reproduce .</code></pre>
        <p>The first hashes every file again; the second runs the recipe again and compares. This page is no part of the proof: <code>dotnet seer report .</code> writes it anew from what is.</p>
        <details><summary>The recipe, every default filled in</summary><pre><code>{report.RecipeText}</code></pre></details>
        <details><summary>Inputs, {report.Lock.Inputs.Length} files</summary>{HtmlTable.Of("relative to the recipe", report.Lock.Inputs)}</details>
        {Html.Each(report.Lock.Stages, stage => $"<details><summary>{stage.Id}, {stage.Outputs.Length} {(stage.Outputs.Length == 1 ? "file" : "files")}</summary><p class=\"soft\">key <code>{stage.Key}</code></p>{HtmlTable.Of("relative to this page", stage.Outputs)}</details>")}
        </section>

        """;
}
