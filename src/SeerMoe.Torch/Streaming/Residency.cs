using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>Whether a model's layers stay in memory.</summary>
public enum Residence
{
    /// <summary>All of them, from the first pass to the last.</summary>
    Resident,

    /// <summary>One at a time, read from the mapped shards when its turn comes.</summary>
    Streamed,
}

/// <summary>What is in memory while passes go through a model.</summary>
/// <param name="Layers">Its weights.</param>
/// <param name="HiddenBytes">Hidden states of batches under way at most; what is more goes to a file.</param>
public sealed record Residency(Residence Layers, long HiddenBytes = long.MaxValue)
{
    /// <summary>The device of each layer, the embedding's being that of the first, the head's that of the last; null for the first device that was asked for.</summary>
    public IReadOnlyList<Device>? Devices { get; init; }

    public static readonly Residency Resident = new(Residence.Resident);

    public static readonly Residency Streamed = new(Residence.Streamed);
}
