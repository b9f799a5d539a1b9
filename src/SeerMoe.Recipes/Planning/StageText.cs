using SeerMoe.Pruning;

namespace SeerMoe.Recipes.Planning;

/// <summary>What a stage does, in one line for a person.</summary>
internal static class StageText
{
    public static string Of(Recipe recipe, Step step) => step switch
    {
        CountStep count => $"count {Tokens(count)} of {count.Data}, {InWindows(recipe, count.Data, count.Options.Window)}{count.Options.Batch} sequences a pass{(count.Shards > 1 ? $", in {count.Shards} shards" : "")}",
        PruneStep { Plan: { } plan } => $"cut by the plan {plan}",
        PruneStep prune => $"rank by {prune.Criterion.Name}, {prune.Scope.Name()} scope; {Budget(prune)}{Round(recipe, prune)}",
        RegularizeStep regularize => $"train {regularize.Options.Tune.ToString().ToLowerInvariant()} for {regularize.Options.Steps} steps of {regularize.Options.Batch} sequences of {regularize.Data}{TopK(regularize)}{(regularize.HeldOut is { } heldOut ? $", judged on {heldOut}" : "")}",
        EvaluateStep evaluate => $"score {string.Join(", ", evaluate.Tasks)}{Neighbours(evaluate)}{(evaluate.Cut == Cut.Masked ? "; what the plan drops is masked, not cut" : "")}",
        _ => step.Id,
    };

    private static string Tokens(CountStep count) => count.Options.Tokens is { } tokens ? $"{tokens} tokens" : "all tokens";

    private static string InWindows(Recipe recipe, string data, int window) => recipe.Find(data)!.Format == DataFormat.Tokens ? "" : $"windows of {window}, ";

    private static string Budget(PruneStep prune) => prune.Ratio is { } ratio
        ? $"drop {ratio} of the experts"
        : $"keep {prune.Keep} experts {(prune.Scope == Scope.Layer ? "a layer" : "in all")}";

    private static string Round(Recipe recipe, PruneStep prune) =>
        recipe.Rounds == 1 ? "" : prune.Round == recipe.Rounds ? ", the last of them" : $", {prune.Round} of {recipe.Rounds} parts of them so far";

    private static string TopK(RegularizeStep regularize) => regularize.Options.TopK is { } topK ? $", top-{topK.From} to top-{topK.To}" : "";

    private static string Neighbours(EvaluateStep evaluate)
    {
        string[] neighbours = [.. evaluate.Compare.Select(neighbour => neighbour == Comparison.Base ? "the base" : $"{evaluate.RandomSeeds} random prunes")];
        return neighbours.Length == 0 ? "" : $", beside {string.Join(" and ", neighbours)}";
    }
}
