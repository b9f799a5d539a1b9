using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>Where the forward pass gets its layers from.</summary>
public interface ILayerSource : IDisposable
{
    int Count { get; }

    /// <summary>Batches that go through a layer together: many where a layer is read anew each time that it is asked for.</summary>
    int PassesAtOnce { get; }

    /// <summary>The layer, ready to compute; valid until it is released.</summary>
    DecoderLayer Acquire(int layer);

    /// <summary>The pass is done with the layer.</summary>
    void Release(int layer);
}
