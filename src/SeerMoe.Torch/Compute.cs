using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Torch;

/// <summary>Where the numbers are computed, and in what precision.</summary>
/// <param name="Device">CPU or a CUDA device.</param>
/// <param name="Type">Element type of weights and activations; norms, softmax and sums are float32 or better.</param>
public sealed record Compute(ComputeDevice Device, ComputeType Type)
{
    /// <summary>Bytes that a pass may take at most: a model that takes more is streamed, layer by layer. Null for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Keys of config.json that the user knows to be harmless although the family does not know them.</summary>
    public IReadOnlyList<string> IgnoredConfigKeys { get; init; } = [];

    /// <summary>What copies layers of a streamed model; null for that of the device, where it has one.</summary>
    internal CudaRuntime? Cuda { get; init; }

    /// <summary>See <see cref="BatchLimit"/>.</summary>
    internal Action<TokenBatch>? Trial { get; init; }
}
