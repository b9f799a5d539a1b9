using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch;

/// <summary>Where the numbers are computed, and in what precision.</summary>
/// <param name="Device">CPU or a CUDA device.</param>
/// <param name="Type">Element type of weights and activations; norms, softmax and sums are float32 or better.</param>
public sealed record Compute(ComputeDevice Device, ComputeType Type)
{
    /// <summary>Keys of config.json that the user knows to be harmless although the family does not know them.</summary>
    public IReadOnlyList<string> IgnoredConfigKeys { get; init; } = [];
}
