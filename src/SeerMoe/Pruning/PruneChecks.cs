using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;

namespace SeerMoe.Pruning;

/// <summary>Everything that is refused before a byte is written, each with its own message.</summary>
public static class PruneChecks
{
    /// <summary>
    /// A ratio that was meant to drop something must not silently drop nothing. A ratio of exactly 0 and a number to keep
    /// that is all of them ask for a copy (the first point of a sweep), and get one.
    /// </summary>
    /// <exception cref="InputException">The ratio is above 0, and every layer of the plan keeps all its experts.</exception>
    public static void RefuseNoOp(PrunePlan plan)
    {
        if (plan.Ratio is > 0 && plan.Layers.All(layer => layer.Survivors.Length == layer.Experts))
        {
            throw new InputException($"A ratio of {plan.Ratio} drops no expert at all.", "budget", "Drop more (a ratio never rounds up), or say 0 for a copy.");
        }
    }

    /// <summary>Statistics say something only about the checkpoint that was counted.</summary>
    /// <exception cref="InputException">Another family, other layers, other experts, or other bytes.</exception>
    public static void RefuseOtherCheckpoint(ExpertStatistics statistics, Checkpoint checkpoint, string where)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        RefuseOtherShape(statistics, architecture.ModelType, architecture.Shape(checkpoint.Config), where);

        // statistics written by hand may carry no fingerprint
        if (statistics.Checkpoint.Length > 0 && statistics.Checkpoint != CheckpointDigest.Of(checkpoint))
        {
            throw Foreign("The statistics were counted on another checkpoint of the same shape: its config, experts or routers differ.", where);
        }
    }

    /// <summary>The part of <see cref="RefuseOtherCheckpoint"/> that needs no weights.</summary>
    /// <exception cref="InputException">Another family, other layers or other experts.</exception>
    public static void RefuseOtherShape(ExpertStatistics statistics, string modelType, MoeShape shape, string where)
    {
        if (statistics.Architecture != modelType)
        {
            throw Foreign($"The statistics are of a '{statistics.Architecture}', the checkpoint is a '{modelType}'.", where);
        }

        var layers = statistics.Layers.Select(layer => layer.Layer);
        if (!layers.SequenceEqual(shape.MoeLayers))
        {
            throw Foreign($"The statistics cover layers {string.Join(' ', layers)}, the checkpoint has experts in layers {string.Join(' ', shape.MoeLayers)}.", where);
        }

        foreach (var layer in statistics.Layers.Where(layer => layer.Experts != shape.ExpertsOf(layer.Layer)))
        {
            throw Foreign($"The statistics count {layer.Experts} experts in layer {layer.Layer}, the checkpoint has {shape.ExpertsOf(layer.Layer)}.", where);
        }

        if (statistics.TopK != shape.TopK)
        {
            throw Foreign($"The statistics were counted at top-{statistics.TopK}, the checkpoint routes at top-{shape.TopK}.", where);
        }
    }

    /// <summary>What is wrong with a plan whatever the checkpoint.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="where">Its file, or `prune plan`.</param>
    /// <exception cref="InputException">A layer named twice; survivors empty, negative or not ascending.</exception>
    public static void RefuseMalformed(PrunePlan plan, string where)
    {
        for (var i = 0; i < plan.Layers.Length; i++)
        {
            var (layer, _, survivors, _) = plan.Layers[i];
            var at = $"{where}, layers[{i}]";
            if (plan.Layers.Take(i).Any(earlier => earlier.Layer == layer))
            {
                throw new InputException($"Layer {layer} is named twice.", at, "Name each layer once.");
            }

            if (survivors.IsEmpty)
            {
                throw new InputException($"Layer {layer} has no survivors.", $"{at}.survivors", "Keep at least as many experts as every token is sent to, or leave the layer out to keep all.");
            }

            for (var n = 0; n < survivors.Length; n++)
            {
                if (n > 0 && survivors[n] == survivors[n - 1])
                {
                    throw new InputException($"Expert {survivors[n]} of layer {layer} survives twice.", $"{at}.survivors[{n}]", "Name each survivor once.");
                }

                if (n > 0 && survivors[n] < survivors[n - 1])
                {
                    throw new InputException($"The survivors of layer {layer} do not ascend: {survivors[n]} after {survivors[n - 1]}.", $"{at}.survivors[{n}]", "List them in ascending order.");
                }
            }
        }
    }

    /// <summary>What is wrong with a plan for a checkpoint of this shape.</summary>
    /// <exception cref="InputException">Malformed, or names layers or experts that are not there, or leaves fewer than top-K, or uneven groups.</exception>
    public static void RefuseUnfit(PrunePlan plan, MoeShape shape, string where)
    {
        RefuseMalformed(plan, where);
        for (var i = 0; i < plan.Layers.Length; i++)
        {
            var (layer, planned, survivors, _) = plan.Layers[i];
            var at = $"{where}, layers[{i}]";
            if (layer < 0 || layer >= shape.Layers)
            {
                throw new InputException($"There is no layer {layer}.", at, $"The checkpoint has layers 0 to {shape.Layers - 1}.");
            }

            var experts = shape.ExpertsOf(layer);
            if (experts == 0)
            {
                throw new InputException($"Layer {layer} is dense: it has no experts.", at, $"Layers with experts: {string.Join(' ', shape.MoeLayers)}.");
            }

            if (planned is { } count && count != experts)
            {
                throw new InputException($"The plan was made for {count} experts in layer {layer}, the checkpoint has {experts}.", $"{at}.experts", "Apply it to the checkpoint it was made for.");
            }

            for (var n = 0; n < survivors.Length; n++)
            {
                if (survivors[n] < 0 || survivors[n] >= experts)
                {
                    throw new InputException($"There is no expert {survivors[n]} in layer {layer}.", $"{at}.survivors[{n}]", $"Its experts are 0 to {experts - 1}.");
                }
            }

            if (survivors.Length < shape.TopK)
            {
                throw new InputException(
                    $"Layer {layer} keeps {survivors.Length} of {experts} experts, fewer than the {shape.TopK} that every token is sent to (top-K).",
                    $"{at}.survivors",
                    $"Keep at least {shape.TopK}.");
            }

            RefuseUneven(layer, survivors, experts, shape, at);
        }
    }

    /// <summary>A router that picks groups first divides the experts evenly among them, whatever was dropped.</summary>
    private static void RefuseUneven(int layer, ImmutableArray<int> survivors, int experts, MoeShape shape, string at)
    {
        var counts = Enumerable.Range(0, shape.Groups).Select(group => survivors.Count(expert => expert / (experts / shape.Groups) == group)).ToList();
        if (counts.Distinct().Count() > 1)
        {
            throw new InputException($"Layer {layer} keeps {string.Join(", ", counts)} experts of its {shape.Groups} groups.", $"{at}.survivors", "Keep as many in each group: the router divides what is left evenly.");
        }

        if (survivors.Length < shape.LeastExperts)
        {
            throw new InputException(
                $"Layer {layer} keeps {survivors.Length} experts in {shape.Groups} groups, of which a token picks {shape.GroupsChosen} for {shape.TopK} experts.",
                $"{at}.survivors",
                $"Keep at least {shape.LeastExperts}.");
        }
    }

    private static InputException Foreign(string what, string where) => new(what, where, "Count this checkpoint with `seer count` and use those statistics.");
}
