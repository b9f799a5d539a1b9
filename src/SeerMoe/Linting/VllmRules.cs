using SeerMoe.Architectures;

namespace SeerMoe.Linting;

/// <summary>vLLM.</summary>
internal static class VllmRules
{
    public const string Runtime = "vllm";

    public static IEnumerable<Finding> Of(LintSubject subject) =>
    [
        .. SharedRules.Of(Runtime, subject),
        subject.Shape.IsUniform
            ? new Finding(Runtime, "equal-counts", Severity.Ok, $"Every layer has {subject.Shape.Experts[0]} experts.", "The model classes read one number for all layers.")
            : new Finding(
                Runtime,
                "equal-counts",
                Severity.Error,
                $"Layers have {string.Join(' ', subject.Shape.Experts)} experts.",
                "The model classes of ordinary families read one number for all layers, and do not run the modeling file of transformers. Prune with --scope layer."),
        new Finding(Runtime, "expert-numbers", Severity.Ok, "Any number of experts is supported.", "Top-K kernels for powers of two fall back to a general one."),
        .. subject.TensorParallel > 1 ? TensorParallel(subject) : [],
    ];

    private static IEnumerable<Finding> TensorParallel(LintSubject subject)
    {
        var devices = subject.TensorParallel;
        yield return subject.HeadCount % devices == 0
            ? new Finding(Runtime, "tensor-parallel-heads", Severity.Ok, $"{subject.HeadCount} attention heads divide over {devices} devices.", "Each device computes whole heads.")
            : new Finding(Runtime, "tensor-parallel-heads", Severity.Error, $"{subject.HeadCount} attention heads do not divide over {devices} devices.", "Each device computes whole heads; the engine refuses anything else at start.");

        if (subject.KeyValueHeads is { } keyValueHeads && keyValueHeads % devices != 0 && devices % keyValueHeads != 0)
        {
            yield return new Finding(Runtime, "tensor-parallel-heads", Severity.Error, $"{keyValueHeads} key/value heads and {devices} devices do not divide one another.", "Key/value heads are split or repeated evenly.");
        }

        var block = Quantization.Of(subject.Config) == Quantized.Fp8 ? subject.Config.Section("quantization_config")!.Integers("weight_block_size")[0] : 1;
        foreach (var (of, width) in subject.InnerWidths)
        {
            yield return width % devices == 0
                ? new Finding(Runtime, "tensor-parallel-widths", Severity.Ok, $"The width {width} of {of} divides over {devices} devices.", "Each device holds a slice of every matrix.")
                : new Finding(Runtime, "tensor-parallel-widths", Severity.Error, $"The width {width} of {of} does not divide over {devices} devices.", "Each device holds a slice of every matrix.");
            if (width % devices == 0 && width / devices % block != 0)
            {
                yield return new Finding(
                    Runtime,
                    "fp8-blocks",
                    Severity.Error,
                    $"Slices of width {width / devices} of {of} are no multiple of the {block} of an fp8 block.",
                    "Scales belong to whole blocks: loading fails with 'not divisible by weight quantization block_n' (issue #17569).");
            }
        }

        if (subject.Shape.Experts.Any(count => count % devices != 0))
        {
            yield return new Finding(
                Runtime,
                "expert-parallel",
                Severity.Warning,
                $"{string.Join(' ', subject.Shape.Experts.Distinct())} experts a layer do not divide over {devices} devices.",
                "--enable-expert-parallel gives each device whole experts, and some devices one more than others then.");
        }
    }
}
