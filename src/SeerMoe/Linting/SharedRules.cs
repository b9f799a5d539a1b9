namespace SeerMoe.Linting;

/// <summary>What every runtime asks for.</summary>
internal static class SharedRules
{
    /// <summary>Top-K, groups, and the gate of a model tuned at top-1.</summary>
    public static IEnumerable<Finding> Of(string runtime, LintSubject subject)
    {
        var (shape, config) = (subject.Shape, subject.Config);
        yield return new Finding(
            runtime,
            "top-k",
            Severity.Ok,
            $"Every token is sent to {shape.TopK} of at least {shape.Experts.Min()} experts.",
            "A top-K above the number of experts fails in the first forward pass.");

        if (shape.Groups > 1)
        {
            // A shape whose experts can't be divided is refused before anything is asked of it.
            yield return new Finding(
                runtime,
                "groups",
                Severity.Ok,
                $"{string.Join(' ', shape.Experts.Distinct())} experts a layer stand evenly in {shape.Groups} groups, of which a token picks {shape.GroupsChosen}.",
                "The router reshapes its scores to [groups, experts / groups]; what does not divide fails there.");
        }

        if (shape.TopKLimit != int.MaxValue && shape.TopK != shape.TopKLimit)
        {
            yield return new Finding(
                runtime,
                "top-k-limit",
                Severity.Error,
                $"A token is sent to {shape.TopK} experts.",
                $"The router of this family is written for {shape.TopKLimit} in stock runtimes, whatever config.json says.");
        }

        if (config.Section("seer")?.Text("gate_at_top1", "renormalised") == "probability")
        {
            yield return new Finding(
                runtime,
                "gate-at-top1",
                Severity.Error,
                "The model was tuned at top-1 with the router's probability as weight, which only dotnet seer reads (seer.gate_at_top1).",
                "A family that renormalises multiplies by exactly 1 at top-1, so outputs differ from those of the tuning. Tune with `straight-through` for stock runtimes.");
        }
    }
}
