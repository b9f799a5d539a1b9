using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>What every layer's attention computed for a prefix: filled by the first pass that it is given to, used by those after it.</summary>
/// <param name="layers">Decoder layers.</param>
/// <param name="use">Whether later passes add to it.</param>
/// <param name="masks">That its passes go under: each layer has keys and values of each branch of them.</param>
public sealed class PrefixCache(int layers, CacheUse use = CacheUse.Prefix, int masks = 1) : IDisposable
{
    private readonly KeyValues[][] _layers = [.. Enumerable.Range(0, layers).Select(_ => Enumerable.Range(0, masks).Select(_ => new KeyValues(use)).ToArray())];

    /// <param name="branch">Its first mask.</param>
    public KeyValues Of(int layer, int branch) => _layers[layer][branch];

    /// <summary>No pass needs a layer's any more.</summary>
    public void Release(int layer) => Array.ForEach(_layers[layer], branch => branch.Dispose());

    public void Dispose()
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            Release(layer);
        }
    }
}
