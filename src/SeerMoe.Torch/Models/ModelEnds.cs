using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Embedding, last norm and head. Those of a streamed model are read when they are first asked for and kept until they are released:
/// a pass needs the one before its first layer and the others after its last.
/// </summary>
public sealed class ModelEnds : IDisposable
{
    private readonly IModelFamily _family;
    private readonly Func<Device, LayerWeights> _open;
    private readonly Device _first;
    private readonly LayerWeights? _resident;
    private LayerWeights? _embeddingWeights;
    private LayerWeights? _headWeights;
    private Embedding? _embedding;
    private ModelHead? _head;

    /// <param name="open">Makes an empty set of weights.</param>
    /// <param name="devices">Of the layers.</param>
    internal ModelEnds(IModelFamily family, Func<Device, LayerWeights> open, IReadOnlyList<Device> devices, Residence residence)
    {
        (_family, _open, _first, HeadDevice) = (family, open, devices[0], devices[^1]);
        if (residence == Residence.Resident)
        {
            _resident = _embeddingWeights = open(_first);
            _headWeights = HeadDevice.IsSame(_first) ? _resident : open(HeadDevice);
            (_embedding, _head) = (family.Embedding(_embeddingWeights), family.Head(_headWeights));
        }
    }

    /// <summary>Where norm and head are.</summary>
    public Device HeadDevice { get; }

    /// <summary>The weights of a resident model on a single device.</summary>
    internal LayerWeights Weights => _resident ?? throw new InvalidOperationException("Only a resident model has all of its weights at hand.");

    private Embedding Embedding => _embedding ??= _family.Embedding(_embeddingWeights = _open(_first));

    private ModelHead Head => _head ??= _family.Head(_headWeights = _open(HeadDevice));

    /// <summary>[B, S] ids to [B, S, D].</summary>
    public Tensor Embed(Tensor ids_BS) => Embedding.Forward(ids_BS);

    /// <summary>[..., D] after the last layer to the input of the head.</summary>
    public Tensor Normalise(Tensor x) => Head.Normalise(x);

    /// <summary>[..., D] to float32 logits [..., V].</summary>
    public Tensor Logits(Tensor x) => NarrowLogits(x).to_type(ScalarType.Float32);

    /// <summary>The same in the type that is computed in.</summary>
    public Tensor NarrowLogits(Tensor x) => Head.Logits(x);

    /// <summary>The pass is done with the embedding.</summary>
    public void ReleaseEmbedding() => Release(ref _embeddingWeights, ref _embedding);

    /// <summary>The pass is done with norm and head.</summary>
    public void ReleaseHead() => Release(ref _headWeights, ref _head);

    public void Dispose()
    {
        _embeddingWeights?.Dispose();
        _headWeights?.Dispose();
    }

    private void Release<T>(ref LayerWeights? weights, ref T? part)
    {
        if (_resident is null)
        {
            weights?.Dispose();
            (weights, part) = (null, default);
        }
    }
}
