using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>The options that every command has.</summary>
public abstract class SeerCommand
{
    /// <summary>What is said of a required option that was not given.</summary>
    protected const string Missing = "{0} is missing.";

    /// <summary>What is said of a count below 1.</summary>
    protected const string AtLeastOne = "{0} must be at least 1.";

    [Option("--seed <N>", "Seed of everything random.", CommandOptionType.SingleValue)]
    public long? Seed { get; set; }

    [Option("--device <NAME>", "Where to compute: cpu, cuda, cuda:N or auto (default).", CommandOptionType.SingleValue)]
    public string Device { get; set; } = "auto";

    [Option("--dtype <NAME>", "In what precision: float32, bfloat16, float16 or auto (default: the checkpoint's own).", CommandOptionType.SingleValue)]
    public string DType { get; set; } = "auto";

    [Option("--memory <GIB>", "A ceiling on memory, GiB.", CommandOptionType.SingleValue)]
    public double? Memory { get; set; }

    [Option("--quiet", "Results and errors only.", CommandOptionType.NoValue)]
    public bool Quiet { get; set; }

    [Option("--json", "Results as JSON on stdout.", CommandOptionType.NoValue)]
    public bool Json { get; set; }

    /// <returns>The exit code.</returns>
    public abstract int Execute(Terminal terminal, CancellationToken interrupted);

    /// <summary>Runs work that reports how far it is.</summary>
    protected T WithProgress<T>(Terminal terminal, CancellationToken interrupted, Func<IProgress<Progress>, T> work)
    {
        using var progress = new ProgressLine(terminal, Quiet, interrupted);
        return work(progress);
    }

    /// <summary>Where and in what precision; loads the native library, so only commands that compute ask for it, and late.</summary>
    protected Compute LoadCompute()
    {
        LibTorch.Load();
        return new Compute(ComputeDevice.Parse(Device), ComputeType.Parse(DType), Memory);
    }
}
