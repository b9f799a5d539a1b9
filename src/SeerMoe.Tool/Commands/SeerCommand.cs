using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>The options that every command has.</summary>
public abstract class SeerCommand
{
    private const double GiB = 1L << 30;

    /// <summary>What is said of a required option that was not given.</summary>
    protected const string Missing = "{0} is missing.";

    /// <summary>What is said of a count below 1.</summary>
    protected const string AtLeastOne = "{0} must be at least 1.";

    /// <summary>What is said of a number below 0.</summary>
    protected const string NotNegative = "{0} must not be negative.";

    [Option("--seed <N>", "Seed of everything random.", CommandOptionType.SingleValue)]
    public long? Seed { get; set; }

    [Option("--device <NAME>", "Where to compute: cpu, cuda, cuda:N or auto (default).", CommandOptionType.SingleValue)]
    public string Device { get; set; } = "auto";

    [Option("--dtype <NAME>", "In what precision: float32, bfloat16, float16 or auto (default: float32).", CommandOptionType.SingleValue)]
    public string DType { get; set; } = "auto";

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--memory <GIB>", "Memory that may be taken at most: a model that takes more is streamed, layer by layer; what can not be is refused.", CommandOptionType.SingleValue)]
    public double? Memory { get; set; }

    [Option("--ignore-config-key <KEY>", "Go on although config.json has this key, which the family does not know; may be given again.", CommandOptionType.MultipleValue)]
    public string[] IgnoreConfigKey { get; set; } = [];

    [Option("--quiet", "Results and errors only.", CommandOptionType.NoValue)]
    public bool Quiet { get; set; }

    [Option("--json", "Results as JSON on stdout.", CommandOptionType.NoValue)]
    public bool Json { get; set; }

    /// <returns>The exit code.</returns>
    public abstract int Execute(Terminal terminal, CancellationToken interrupted);

    /// <summary>Runs work that reports how far it is.</summary>
    protected T WithProgress<T>(Terminal terminal, CancellationToken interrupted, Func<IProgress<Progress>, T> work)
    {
        using var progress = new ProgressLine(terminal, interrupted, TimeProvider.System);
        return work(progress);
    }

    /// <summary>Where and in what precision.</summary>
    /// <exception cref="InputException">There is no such device or type.</exception>
    protected Compute ChosenCompute() => new(ComputeDevice.Parse(Device), ComputeType.Parse(DType))
    {
        IgnoredConfigKeys = IgnoreConfigKey,
        MemoryBytes = (long?)(Memory * GiB),
    };

    /// <summary>The same, with the native library loaded: only commands that compute ask for it, and late.</summary>
    /// <exception cref="InputException">There is no such device or type.</exception>
    protected Compute LoadCompute()
    {
        var compute = ChosenCompute();
        LibTorch.Load();
        return compute;
    }
}
