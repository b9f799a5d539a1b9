using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>A scalar of each MoE layer of a pass, and their mean.</summary>
internal sealed class LayerMean
{
    private readonly List<Tensor> _layers = [];

    /// <summary>Each layer's scalar so far.</summary>
    public double[] Values => [.. _layers.Select(layer => layer.Number())];

    public void Add(Tensor scalar) => _layers.Add(scalar.DetachFromDisposeScope());

    /// <summary>The mean of a whole pass, which carries gradients; forgets the pass.</summary>
    public Tensor Take()
    {
        var mean = stack(_layers).mean();
        Forget();
        return mean;
    }

    /// <summary>What a single layer brings to the mean of <paramref name="layers"/>; null where it has no experts.</summary>
    public Tensor? TakeShare(int layers)
    {
        var share = _layers.Count == 0 ? null : _layers[0] / layers;
        Forget();
        return share;
    }

    /// <summary>What there is of a pass.</summary>
    public void Forget()
    {
        _layers.ForEach(layer => layer.Dispose());
        _layers.Clear();
    }
}
