namespace SeerMoe.Linting;

/// <summary>llama.cpp, by way of its converter to GGUF.</summary>
internal static class LlamaCppRules
{
    public const string Runtime = "llama.cpp";

    // LLAMA_MAX_EXPERTS; it was 256 until models with more came.
    private const int MostExperts = 512;

    public static IEnumerable<Finding> Of(LintSubject subject) =>
    [
        .. SharedRules.Of(Runtime, subject),
        subject.Shape.IsUniform
            ? new Finding(Runtime, "equal-counts", Severity.Ok, $"Every layer has {subject.Shape.Experts[0]} experts.", "GGUF holds one expert_count a model.")
            : new Finding(Runtime, "equal-counts", Severity.Error, $"Layers have {string.Join(' ', subject.Shape.Experts)} experts.", "GGUF holds one expert_count a model for these families. Prune with --scope layer."),
        subject.Shape.Experts.Max() <= MostExperts
            ? new Finding(Runtime, "expert-numbers", Severity.Ok, $"{subject.Shape.Experts.Max()} experts are within its {MostExperts}.", "LLAMA_MAX_EXPERTS is a constant of the build.")
            : new Finding(Runtime, "expert-numbers", Severity.Error, $"{subject.Shape.Experts.Max()} experts are more than its {MostExperts}.", "LLAMA_MAX_EXPERTS is a constant of the build."),
        .. subject.Shape.NextTokenLayers > 0
            ? [new Finding(Runtime, "mtp", Severity.Warning, $"{subject.Shape.NextTokenLayers} layers for further tokens are not run.", "The converter skips or carries them; generation does not use them.")]
            : Array.Empty<Finding>(),
    ];
}
