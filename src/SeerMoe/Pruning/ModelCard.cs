using System.Text;
using SeerMoe.Architectures;

namespace SeerMoe.Pruning;

/// <summary>README.md of a pruned checkpoint: what it was cut from, by which decision, and who can load it.</summary>
internal static class ModelCard
{
    // No name and no path of the source: they are the user's own, and the same cut has the same bytes wherever it is made.
    /// <param name="plan">The decision.</param>
    /// <param name="before">Of the source.</param>
    /// <param name="after">Survivors.</param>
    /// <param name="quantized">How the weights are stored.</param>
    public static string Text(PrunePlan plan, MoeShape before, Renumbering after, Quantized quantized)
    {
        var card = new StringBuilder()
            .Append("# A pruned Mixture of Experts\n\n")
            .Append($"Cut with `dotnet seer prune` (SEER-MoE, arXiv 2404.05089): {after.Counts.Sum()} of {before.Experts.Sum()} experts are kept.\n")
            .Append("Their tensors are byte-identical to the source; router rows of the others are gone. The decision is in `prune-plan.json`.\n\n")
            .Append("| | |\n|---|---|\n")
            .Append($"| criterion | {plan.Criterion ?? "not stated"} |\n")
            .Append($"| scope | {plan.Scope ?? "not stated"} |\n")
            .Append(plan.Keep is { } keep ? $"| keep | {keep} |\n" : $"| ratio | {plan.Ratio?.ToString() ?? "not stated"} |\n")
            .Append(plan.Seed is { } seed ? $"| seed | {seed} |\n" : "")
            .Append("\n| layer | experts before | experts kept |\n|---|---|---|\n");
        foreach (var (layer, l) in before.MoeLayers.Select((layer, l) => (layer, l)))
        {
            card.Append($"| {layer} | {before.Experts[l]} | {after.Counts[l]} |\n");
        }

        return card
            .Append(PrunedConfig.IsUniform(after.Counts)
                ? "\nEvery layer has the same number of experts: stock runtimes load it.\n"
                : $"\nLayers have different numbers of experts (`seer.experts_per_layer` in config.json): stock runtimes can't load it; `dotnet seer` can{(quantized == Quantized.No ? ", and transformers 5 with `trust_remote_code=True`" : "")}.\n")
            .ToString();
    }
}
