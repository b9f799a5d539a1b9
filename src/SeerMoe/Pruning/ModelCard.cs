using System.Collections.Immutable;
using System.Text;
using SeerMoe.Architectures;
using SeerMoe.Cards;

namespace SeerMoe.Pruning;

/// <summary>README.md of a pruned checkpoint: what it was cut from, by which decision, and who can load it.</summary>
public static class ModelCard
{
    public const string FileName = "README.md";

    // Longer lists stand in the plan alone.
    private const int MostListed = 32;

    /// <param name="plan">The decision.</param>
    /// <param name="before">Of the source.</param>
    /// <param name="after">Survivors.</param>
    /// <param name="folder">Holds the config of the cut.</param>
    internal static string Text(PrunePlan plan, MoeShape before, Renumbering after, string folder) => new StringBuilder()
        .Append(CardHead.Of("A pruned Mixture of Experts"))
        .Append($"Cut with `dotnet seer prune` (SEER-MoE, arXiv 2404.05089): {after.Counts.Sum()} of {before.Experts.Sum()} experts are kept.\n")
        .Append("Their tensors are byte-identical to the source; router rows of the others are gone. The decision is in `prune-plan.json`.\n\n")
        .Append("## The cut\n\n")
        .Append(MarkdownTable.Of(header: null, Decision(plan)))
        .Append('\n')
        .Append(Layers(before, after))
        .Append('\n')
        .Append(RuntimeAnswer.Section(folder))
        .ToString();

    /// <summary>Name and value of everything that was asked.</summary>
    public static IEnumerable<IReadOnlyList<string>> Decision(PrunePlan plan)
    {
        yield return ["criterion", plan.Criterion ?? "not stated"];
        yield return ["scope", plan.Scope ?? "not stated"];
        yield return plan.Keep is { } keep ? ["keep", $"{keep}"] : ["ratio", plan.Ratio?.ToString() ?? "not stated"];
        if (plan.Seed is { } seed)
        {
            yield return ["seed", $"{seed}"];
        }
    }

    private static string Layers(MoeShape before, Renumbering after)
    {
        var isListed = before.Experts.Max() <= MostListed;
        return MarkdownTable.Of(
            ["layer", "experts before", "experts kept", .. isListed ? ["which, by their old numbers"] : Array.Empty<string>()],
            before.MoeLayers.Select((layer, l) => (string[])[$"{layer}", $"{before.Experts[l]}", $"{after.Counts[l]}", .. isListed ? [Numbers(after.SurvivorsOf(layer)!.Value)] : Array.Empty<string>()]));
    }

    private static string Numbers(ImmutableArray<int> survivors) => string.Join(' ', survivors);
}
