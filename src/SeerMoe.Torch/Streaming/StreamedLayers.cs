using SeerMoe.Safetensors;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// One layer's weights in memory at a time, read from the mapped shards when its turn comes. While a layer computes, the system reads the
/// next one from the disk into its cache, where it takes none of this process' memory.
/// </summary>
/// <param name="layers">Number of layers.</param>
/// <param name="open">Makes an empty set of weights for one layer.</param>
/// <param name="build">Builds a layer from it.</param>
/// <param name="stored">The tensors of a layer as they stand in the shards.</param>
public sealed class StreamedLayers(int layers, Func<LayerWeights> open, Func<LayerWeights, int, DecoderLayer> build, Func<int, IEnumerable<TensorView>> stored) : ILayerSource
{
    // A million tokens in batches of usual size: reading the model once for so many is nothing beside computing them.
    internal const int Passes = 256;

    private LayerWeights? _current;
    private Task _fetching = Task.CompletedTask;

    public int Count => layers;

    public int PassesAtOnce => Passes;

    public DecoderLayer Acquire(int layer)
    {
        _current = open();
        Fetch(layer == 0 ? [0, 1] : [layer + 1]);
        return build(_current, layer);
    }

    public void Release(int layer)
    {
        _current?.Dispose();
        _current = null;
    }

    public void Dispose()
    {
        _fetching.Wait();
        _current?.Dispose();
    }

    private void Fetch(int[] wanted)
    {
        _fetching.Wait();
        _fetching = Task.Run(() =>
        {
            foreach (var view in wanted.Where(layer => layer < layers).SelectMany(stored))
            {
                MappedPages.Fetch(view);
            }
        });
    }
}
