using SeerMoe.Checkpoints;
using SeerMoe.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// The tensors of one part of a model (a layer, or embedding, last norm and head), taken from the checkpoint by name.
/// Owns them: disposing frees them all.
/// </summary>
public sealed class LayerWeights(Checkpoint checkpoint, ScalarType type, Device device) : IDisposable
{
    private readonly Dictionary<string, Parameter> _bound = new(StringComparer.Ordinal);

    /// <summary>Everything taken so far, by checkpoint name.</summary>
    public IReadOnlyDictionary<string, Parameter> Bound => _bound;

    /// <summary>Takes a tensor, which must have this shape; the same name gives the same tensor (tied weights).</summary>
    /// <exception cref="InputException">The checkpoint lacks it, or its shape differs; the message names it.</exception>
    public Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        if (_bound.TryGetValue(name, out var known))
        {
            return known;
        }

        var view = checkpoint.Tensor(name);
        if (!view.Spec.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new InputException(
                $"{name} is [{string.Join(", ", view.Spec.Shape)}], config.json calls for [{string.Join(", ", shape.ToArray())}].",
                checkpoint.Folder,
                "Config and weights must be of one checkpoint: download both again.");
        }

        // A parameter, so that training can tune it; frozen until then.
        using var loaded = TensorBytes.Load(view, type, device);
        var tensor = new Parameter(loaded, requires_grad: false);
        tensor.DetachFromDisposeScope();
        _bound.Add(name, tensor);
        return tensor;
    }

    public void Dispose()
    {
        foreach (var tensor in _bound.Values)
        {
            tensor.Dispose();
        }
    }
}
