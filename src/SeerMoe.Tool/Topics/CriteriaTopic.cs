using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Yaml;

namespace SeerMoe.Tool.Topics;

/// <summary>`seer help criteria`; its example is counted and pruned when it is asked for, by the code that prunes.</summary>
internal static class CriteriaTopic
{
    private const int TopK = 2;

    // A router's probabilities for tokens x experts, so that each way to count finds another expert to be the least.
    private static readonly double[][] Probabilities =
    [
        [0.40, 0.25, 0.20, 0.15],
        [0.65, 0.05, 0.20, 0.10],
        [0.15, 0.05, 0.20, 0.60],
        [0.35, 0.30, 0.25, 0.10],
    ];

    private static int Experts => Probabilities[0].Length;

    public static string Text() => new TopicPage()
        .Paragraph("A criterion makes one number of an expert's statistics; the lowest are dropped. A control says what a result is worth: if random is as good, the criterion says nothing of this model.")
        .Rows("Criteria", CriterionCatalog.Meanings)
        .Keys("How many experts go (keys of prune; as a command, its options)", RecipeKey.OfStages.Single(stage => stage.Stage == "prune").Keys.Where(key => key.Name is "scope" or "ratio" or "keep" or "min_experts"))
        .Example($"Example: a router's probabilities for {Probabilities.Length} tokens, each sent to its {TopK} likeliest experts; ratio 0.25", Example())
        .Rows("Next",
        [
            ("dotnet seer run RECIPE --set prune.criterion=soft-topk", "tries another"),
            ("dotnet seer new sweep", "compares them, beside random prunes"),
            ("dotnet seer new script", "has room for a criterion in C#"),
            ("dotnet seer prune --plan FILE", "cuts by a plan that you edited"),
        ])
        .ToString();

    private static IEnumerable<string> Example()
    {
        var counted = Counted();
        yield return Line("", Enumerable.Range(0, Experts).Select(expert => $"expert {expert}"), "");
        foreach (var (token, row) in Probabilities.Index())
        {
            yield return Line($"token {token + 1}", row.Select(p => $"{p:F2}"), "");
        }

        foreach (var name in CriterionCatalog.Names.Where(name => name != "random"))
        {
            var criterion = CriterionCatalog.Find(name, seed: 0);
            var plan = PrunePlanner.Plan(counted, criterion, Scope.Layer, PruneBudget.OfRatio(0.25), minExperts: 0, seed: 0);
            var dropped = Enumerable.Range(0, Experts).Except(plan.Layers[0].Survivors);
            yield return Line(name, criterion.Scores(counted.Layers[0]).Select(score => name == "actual" ? $"{score}" : $"{score:F2}"), $"drops {string.Join(", ", dropped)}");
        }
    }

    private static ExpertStatistics Counted()
    {
        var layer = new LayerStatistics(0, Experts) { Tokens = Probabilities.Length };
        foreach (var row in Probabilities)
        {
            var routed = row.Index().OrderByDescending(expert => expert.Item).Take(TopK).Select(expert => expert.Index).ToHashSet();
            for (var expert = 0; expert < Experts; expert++)
            {
                layer.Soft[expert] += row[expert];
                layer.Actual[expert] += routed.Contains(expert) ? 1 : 0;
                layer.SoftTopK[expert] += routed.Contains(expert) ? row[expert] : 0;
            }
        }

        return new ExpertStatistics("", "", Probabilities.Length, Sequences: 1, TopK, [layer]);
    }

    private static string Line(string name, IEnumerable<string> cells, string then) => $"{name,-9}{string.Concat(cells.Select(cell => $"{cell,10}"))}  {then}".TrimEnd();
}
