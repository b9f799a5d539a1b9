using SeerMoe.Architectures;

namespace SeerMoe.Linting;

/// <summary>transformers 4.45 to 5.12.</summary>
internal static class TransformersRules
{
    public const string Runtime = "transformers";

    public static IEnumerable<Finding> Of(LintSubject subject) =>
    [
        .. SharedRules.Of(Runtime, subject),
        EqualCounts(subject),
        new Finding(Runtime, "expert-numbers", Severity.Ok, "Any number of experts is supported.", "Experts are a loop or a grouped product of any size."),
        .. ConfigDialect(subject),
        .. KnownFaults(subject),
        .. TensorParallel(subject),
    ];

    private static Finding EqualCounts(LintSubject subject) => subject switch
    {
        { Shape.IsUniform: true } => new(Runtime, "equal-counts", Severity.Ok, $"Every layer has {subject.Shape.Experts[0]} experts.", "The config knows one number for all layers."),
        { HasModelingFile: true } when Quantization.Of(subject.Config) != Quantized.No => new(
            Runtime,
            "equal-counts",
            Severity.Error,
            $"Layers have {string.Join(' ', subject.Shape.Experts)} experts, and their weights are quantised.",
            "Where kernels for such weights are there, every layer's experts are replaced by ones of the model-wide count; it loads only where the weights are dequantised first."),
        { HasModelingFile: true } => new(
            Runtime,
            "equal-counts",
            Severity.Warning,
            $"Layers have {string.Join(' ', subject.Shape.Experts)} experts: load it in transformers 5 with trust_remote_code=True.",
            "The config knows one number for all layers; the modeling file beside the weights gives each layer its own."),
        _ => new(
            Runtime,
            "equal-counts",
            Severity.Error,
            $"Layers have {string.Join(' ', subject.Shape.Experts)} experts, and no modeling file stands beside the weights.",
            "The config knows one number for all layers: loading fails with a size mismatch (and with ignore_mismatched_sizes the experts are random). Prune with --scope layer."),
    };

    private static IEnumerable<Finding> ConfigDialect(LintSubject subject)
    {
        if (subject.Config.Has("rope_parameters") && !subject.Config.Has("rope_theta"))
        {
            yield return new Finding(
                Runtime,
                "config-dialect",
                Severity.Warning,
                "config.json is in the spelling of transformers 5 (rope_parameters).",
                "transformers before 5 does not read it, and takes its default rope_theta in silence.");
        }
    }

    private static IEnumerable<Finding> KnownFaults(LintSubject subject)
    {
        if (subject.Architecture is DeepSeekV2Architecture && subject.Shape.Groups > 1)
        {
            yield return new Finding(Runtime, "group-limited-greedy", Severity.Error, "topk_method is group_limited_greedy.", "The native class of 4.56 and 5.12.1 raises AttributeError (num_experts) there; the model's remote code does not.");
        }

        if (subject.Architecture is DeepSeekV2Architecture && (subject.Config.Section("rope_parameters") ?? subject.Config.Section("rope_scaling"))?.Has("mscale_all_dim") == true)
        {
            yield return new Finding(Runtime, "yarn-scale", Severity.Error, "The rotary scaling has mscale_all_dim.", "The native class up to 5.12.1 leaves out its square on the attention scores (fixed by PR #47435), so logits differ.");
        }

        if (subject.Architecture is MiniMaxM2Architecture && subject.Config.Has("rotary_dim"))
        {
            yield return new Finding(Runtime, "rotary-dim", Severity.Error, "config.json has rotary_dim.", "5.12.1 ignores it and turns the whole head (issue #48241, fixed by PR #48486), so logits differ.");
        }
    }

    private static IEnumerable<Finding> TensorParallel(LintSubject subject)
    {
        if (subject.TensorParallel > 1 && subject.Shape.Experts.Any(count => count % subject.TensorParallel != 0))
        {
            yield return new Finding(
                Runtime,
                "expert-parallel",
                Severity.Warning,
                $"{string.Join(' ', subject.Shape.Experts.Distinct())} experts a layer do not divide over {subject.TensorParallel} devices.",
                "Plans that give each device whole experts need a number that divides.");
        }
    }
}
