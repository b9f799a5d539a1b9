using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// The tensors of one part of a model (a layer, or embedding, last norm and head), taken from the checkpoint by name.
/// Owns them: disposing frees them all.
/// </summary>
/// <param name="checkpoint">Where they stand.</param>
/// <param name="expected">What the config calls for, by name.</param>
/// <param name="type">Element type to compute in.</param>
/// <param name="device">Where.</param>
/// <param name="packFrom">Elements of the smallest matrix that is packed; null for none, so that training can change all.</param>
/// <param name="load">How a tensor gets there in the given type; null to copy it and wait.</param>
public sealed class LayerWeights(
    Checkpoint checkpoint,
    IReadOnlyDictionary<string, TensorShape> expected,
    ScalarType type,
    Device device,
    long? packFrom = null,
    Func<TensorView, ScalarType, Tensor>? load = null) : IDisposable
{
    private readonly Dictionary<string, Weight> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _dequantised = new(StringComparer.Ordinal);
    private readonly List<PackedMatrix> _packed = [];

    /// <summary>Everything taken so far that stands in the checkpoint as numbers, by checkpoint name: what training can change.</summary>
    public IReadOnlyDictionary<string, Weight> Bound => _bound;

    /// <summary>The part whose names begin with <paramref name="prefix"/> and a dot.</summary>
    public NamedWeights At(string prefix) => new(this, prefix + ".");

    /// <summary>Whether the config calls for a tensor of this name.</summary>
    public bool Expects(string name) => expected.ContainsKey(name);

    /// <summary>Takes a tensor in the type to compute in; the same name gives the same tensor (tied weights). 8-bit weights are dequantised.</summary>
    /// <exception cref="InputException">The checkpoint lacks it, or its shape differs from the config's; the message names it.</exception>
    public Tensor Take(string name) => Take(name, type, MatrixOrder.OutIn);

    /// <summary>The same of matrices that stand there as [in, out].</summary>
    public Tensor TakeInOut(string name) => Take(name, type, MatrixOrder.InOut);

    /// <summary>The same in float32, whatever is computed in.</summary>
    public Tensor TakeWide(string name) => Take(name, ScalarType.Float32, MatrixOrder.OutIn);

    /// <summary>Takes `NAME_blocks` and `NAME_scales` of MXFP4 as numbers: [E, in, out].</summary>
    public Tensor TakeMxfp4(string name)
    {
        var (blocks, scales) = (Checked($"{name}_blocks"), Checked($"{name}_scales"));
        return Kept(name, () => Released(Mxfp4.Dequantise(blocks, scales, type, device), blocks, scales));
    }

    /// <summary>Takes a matrix [out, in] that is only multiplied by; null where it stays a plain one. Nobody else may take it.</summary>
    public PackedMatrix? TakePacked(string name)
    {
        var view = Checked(name);
        if (packFrom is null || view.Spec.ElementCount < packFrom || !PackedMatrix.Serve(type, device))
        {
            return null;
        }

        using var plain = IsFp8(view) ? Dequantised(view, name, type) : Load(view, type);
        var packed = PackedMatrix.Of(plain);
        if (packed is not null)
        {
            _packed.Add(packed);
        }

        return packed;
    }

    public void Dispose()
    {
        _packed.ForEach(packed => packed.Dispose());
        foreach (var tensor in _bound.Values.Concat(_dequantised.Values))
        {
            (tensor as Weight)?.Adapter?.Dispose();
            tensor.Dispose();
        }
    }

    private Tensor Take(string name, ScalarType wanted, MatrixOrder order)
    {
        if (_bound.TryGetValue(name, out var known))
        {
            return known;
        }

        var view = Checked(name);
        if (IsFp8(view))
        {
            return Kept(name, () => Dequantised(view, name, wanted));
        }

        using var loaded = Load(view, wanted);
        var tensor = new Weight(loaded, order);
        tensor.DetachFromDisposeScope();
        _bound.Add(name, tensor);
        return tensor;
    }

    private bool IsFp8(TensorView view) => view.Spec.DType == DType.Float8E4M3 && Quantization.Of(checkpoint.Config) == Quantized.Fp8;

    private Tensor Load(TensorView view, ScalarType wanted)
    {
        var loaded = load?.Invoke(view, wanted) ?? TensorBytes.Load(view, wanted, device);
        MappedPages.Release(view);
        return loaded;
    }

    private Tensor Dequantised(TensorView codes, string name, ScalarType wanted)
    {
        var scales = checkpoint.Tensor($"{name}_scale_inv");
        return Released(Fp8.Dequantise(codes, scales, checkpoint.Config, wanted, device), codes, scales);
    }

    private static Tensor Released(Tensor made, TensorView codes, TensorView scales)
    {
        MappedPages.Release(codes);
        MappedPages.Release(scales);
        return made;
    }

    private Tensor Kept(string name, Func<Tensor> dequantise)
    {
        if (!_dequantised.TryGetValue(name, out var tensor))
        {
            tensor = dequantise().DetachFromDisposeScope();
            _dequantised.Add(name, tensor);
        }

        return tensor;
    }

    private TensorView Checked(string name)
    {
        var view = checkpoint.Tensor(name);
        var shape = expected[name].Shape;
        return view.Spec.Shape.SequenceEqual(shape)
            ? view
            : throw new InputException(
                $"{name} is [{string.Join(", ", view.Spec.Shape)}], config.json calls for [{string.Join(", ", shape)}].",
                checkpoint.Folder,
                "Config and weights must be of one checkpoint: download both again.");
    }
}
