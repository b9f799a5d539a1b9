using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Streaming;

/// <summary>All layers in memory for as long as the model lives.</summary>
public sealed class ResidentLayers : ILayerSource
{
    private readonly List<LayerWeights> _weights = [];
    private readonly List<DecoderLayer> _layers = [];

    /// <param name="layers">Number of layers.</param>
    /// <param name="open">Makes an empty set of weights for a layer.</param>
    /// <param name="build">Builds a layer from it.</param>
    public ResidentLayers(int layers, Func<int, LayerWeights> open, Func<LayerWeights, int, DecoderLayer> build)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            _weights.Add(open(layer));
            _layers.Add(build(_weights[layer], layer));
        }
    }

    public int Count => _layers.Count;

    public int PassesAtOnce => 1;

    /// <summary>The weights of each layer.</summary>
    public IReadOnlyList<LayerWeights> Weights => _weights;

    public DecoderLayer Acquire(int layer) => _layers[layer];

    public void Release(int layer)
    {
        // Resident: nothing to give back.
    }

    public void Dispose() => _weights.ForEach(weights => weights.Dispose());
}
