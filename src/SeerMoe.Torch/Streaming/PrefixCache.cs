using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>What every layer's attention computed for a prefix: filled by the first pass that it is given to, used by those after it.</summary>
/// <param name="layers">Decoder layers.</param>
/// <param name="use">Whether later passes add to it.</param>
public sealed class PrefixCache(int layers, CacheUse use = CacheUse.Prefix) : IDisposable
{
    private readonly KeyValues[] _layers = [.. Enumerable.Range(0, layers).Select(_ => new KeyValues(use))];

    public KeyValues Of(int layer) => _layers[layer];

    public void Dispose() => Array.ForEach(_layers, layer => layer.Dispose());
}
