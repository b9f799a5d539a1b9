using SeerMoe.Safetensors;
using SeerMoe.Torch.Models;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// Two layers' weights on a device at a time: while one computes, the next is read, converted and copied beside it. Layers take turns in two
/// sets of tensors, which are kept.
/// </summary>
/// <param name="layers">Number of layers.</param>
/// <param name="device">Where they compute.</param>
/// <param name="open">Makes an empty set of weights, which are loaded as it is told to.</param>
/// <param name="build">Builds a layer from it.</param>
/// <param name="staging">Of that device.</param>
internal sealed class StagedLayers(
    int layers, Device device, Func<Func<TensorView, ScalarType, Tensor>, LayerWeights> open, Func<LayerWeights, int, DecoderLayer> build, WeightStaging staging) : ILayerSource
{
    private readonly Dictionary<string, Tensor>[] _sets = [new(StringComparer.Ordinal), new(StringComparer.Ordinal)];
    private LayerWeights? _current;
    private Coming? _coming;

    public int Count => layers;

    public int PassesAtOnce => StreamedLayers.Passes;

    public DecoderLayer Acquire(int layer)
    {
        if (_coming?.Layer != layer)
        {
            Forget();
            _coming = Begin(layer);
        }

        (_current, var built) = _coming.Work.GetAwaiter().GetResult();
        staging.Await();
        _coming = layer + 1 < layers ? Begin(layer + 1) : null;
        return built;
    }

    public void Release(int layer)
    {
        _current?.Dispose();
        _current = null;
    }

    public void Dispose()
    {
        Forget();
        _current?.Dispose();
        staging.Dispose();
        foreach (var tensor in _sets.SelectMany(set => set.Values))
        {
            tensor.Dispose();
        }
    }

    // What the device is still to compute of the layer before was given to it by now; the set that the new layer goes to was that one's.
    private Coming Begin(int layer)
    {
        staging.Follow();
        return new Coming(layer, Task.Run(() =>
        {
            var weights = open((view, type) => Load(layer, view, type));
            try
            {
                var built = build(weights, layer);
                staging.Mark();
                return (weights, built);
            }
            catch
            {
                weights.Dispose();
                throw;
            }
        }));
    }

    private Tensor Load(int layer, TensorView view, ScalarType type)
    {
        var (set, name, shape) = (_sets[layer % 2], NameWithin(view.Spec.Name, layer), view.Spec.Shape.AsSpan().ToArray());
        if (!set.TryGetValue(name, out var place) || !place.shape.SequenceEqual(shape) || place.dtype != type)
        {
            place?.Dispose();
            place = empty(shape, type, device).DetachFromDisposeScope();
            set[name] = place;
            staging.Follow(); // a block that libtorch gives away again may still be computed with
        }

        staging.Copy(view, place);
        return place.alias();
    }

    /// <summary>"model.layers.3.mlp.gate.weight" -> "mlp.gate.weight".</summary>
    private static string NameWithin(string name, int layer)
    {
        var before = $".{layer}.";
        return name[(name.IndexOf(before, StringComparison.Ordinal) + before.Length)..];
    }

    /// <summary>Tensors on the device, those of both sets.</summary>
    internal int Places => _sets.Sum(set => set.Count);

    private void Forget()
    {
        if (_coming is { } coming)
        {
            _coming = null;
            ((Task)coming.Work).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            if (coming.Work.IsCompletedSuccessfully)
            {
                coming.Work.Result.Weights.Dispose();
            }
        }
    }

    private sealed record Coming(int Layer, Task<(LayerWeights Weights, DecoderLayer Built)> Work);
}
