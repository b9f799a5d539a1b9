using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>Whether a model's layers stay in memory.</summary>
public enum Residence
{
    Resident,
    Streamed,
}

/// <summary>A decoder-only MoE language model, bound to a checkpoint: read this first, then ForwardPass.</summary>
public sealed class MoeTransformer : IDisposable
{
    private readonly LayerWeights _endWeights;

    private MoeTransformer(IModelFamily family, LayerWeights endWeights, ILayerSource layers, Device device)
    {
        (Family, _endWeights, Layers, Device) = (family, endWeights, layers, device);
        Ends = family.Ends(endWeights);
        Routing = family.Basics.Routing;
    }

    public IModelFamily Family { get; }

    public ModelEnds Ends { get; }

    public ILayerSource Layers { get; }

    public Device Device { get; }

    /// <summary>The rule of the next forward pass; at first the checkpoint's own.</summary>
    public RoutingRule Routing { get; set; }

    /// <summary>Called after each layer of a forward pass, with its index; null for nobody.</summary>
    internal Action<int>? LayerDone { get; set; }

    /// <summary>Every tensor of a resident model by checkpoint name, in layer order, the ends last.</summary>
    public IEnumerable<KeyValuePair<string, Weight>> Weights => Layers is ResidentLayers resident
        ? resident.Weights.Append(_endWeights).SelectMany(weights => weights.Bound)
        : throw new InvalidOperationException("Only a resident model has all of its weights at hand.");

    /// <param name="checkpoint">Must outlive a streamed model.</param>
    /// <param name="mask">Experts that this plan drops are masked out of the routers; nothing is cut.</param>
    public static MoeTransformer Load(Checkpoint checkpoint, Compute compute, PrunePlan? mask = null, Residence residence = Residence.Resident)
    {
        var expected = ExpectedTensors.Of(checkpoint);
        var family = ModelFamilies.For(checkpoint.Config);
        ConfigKeys.Ignore(checkpoint.Config, compute.IgnoredConfigKeys);
        ConfigKeys.RefuseUnknown(checkpoint.Config);
        var device = compute.Device.ToTorch();
        var type = compute.Type.ToTorch(compute.Device);
        var survivors = mask?.Layers.ToDictionary(layer => layer.Layer, layer => layer.Survivors);
        ILayerSource layers = residence == Residence.Resident
            ? new ResidentLayers(family.Basics.Layers, Open, Build)
            : new StreamedLayers(family.Basics.Layers, Open, Build);
        return new MoeTransformer(family, Open(), layers, device);

        LayerWeights Open() => new(checkpoint, expected, type, device);

        DecoderLayer Build(LayerWeights weights, int layer) =>
            family.Layer(weights, layer, survivors is not null && survivors.TryGetValue(layer, out var kept) ? kept : null);
    }

    public void Dispose()
    {
        Layers.Dispose();
        _endWeights.Dispose();
    }
}
