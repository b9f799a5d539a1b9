using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>One layer's weights in memory at a time, read from the mapped shards when its turn comes.</summary>
public sealed class StreamedLayers(int layers, Func<LayerWeights> open, Func<LayerWeights, int, DecoderLayer> build) : ILayerSource
{
    private LayerWeights? _current;

    public int Count => layers;

    public DecoderLayer Acquire(int layer)
    {
        _current = open();
        return build(_current, layer);
    }

    public void Release(int layer)
    {
        _current?.Dispose();
        _current = null;
    }

    public void Dispose() => _current?.Dispose();
}
