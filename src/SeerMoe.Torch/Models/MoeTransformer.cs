using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>A decoder-only MoE language model, bound to a checkpoint: read this first, then ForwardPass.</summary>
public sealed class MoeTransformer : IDisposable
{
    private MoeTransformer(IModelFamily family, ModelEnds ends, ILayerSource layers, IReadOnlyList<Device> devices, Residency residency, BatchLimit limit, ExpertMask mask)
    {
        (Family, Ends, Layers, Devices, Residency, Limit, Mask) = (family, ends, layers, devices, residency, limit, mask);
        Routing = family.Basics.Routing;
    }

    public IModelFamily Family { get; }

    public ModelEnds Ends { get; }

    public ILayerSource Layers { get; }

    /// <summary>Where each layer is.</summary>
    public IReadOnlyList<Device> Devices { get; }

    /// <summary>Where batches and embedding are.</summary>
    public Device Device => Devices[0];

    /// <summary>What of it is in memory.</summary>
    public Residency Residency { get; }

    public bool IsStreamed => Residency.Layers == Residence.Streamed;

    /// <summary>The rule of the next forward pass; at first the checkpoint's own.</summary>
    public RoutingRule Routing { get; set; }

    /// <summary>How many sequences the device takes at once, as far as is known.</summary>
    public BatchLimit Limit { get; }

    /// <summary>Experts that drop out of the next forward pass, unless its wave has masks of its own.</summary>
    public ExpertMask Mask { get; set; }

    /// <summary>Called after each layer of a forward pass, with its index, and again for each half of a batch that had to be halved; null for nobody.</summary>
    internal Action<int>? LayerDone { get; set; }

    /// <summary>Every tensor of a resident model by checkpoint name, in layer order, the ends last.</summary>
    public IEnumerable<KeyValuePair<string, Weight>> Weights => Layers is ResidentLayers resident
        ? resident.Weights.Append(Ends.Weights).SelectMany(weights => weights.Bound)
        : throw new InvalidOperationException("Only a resident model has all of its weights at hand.");

    /// <param name="checkpoint">Must outlive a streamed model.</param>
    /// <param name="mask">Experts that this plan drops are masked out of the routers; nothing is cut.</param>
    /// <param name="residency">Null for a resident model.</param>
    /// <param name="packFrom">Elements of the smallest matrix that is packed (see <see cref="PackedMatrix"/>): faster, and not to be trained. Null for none.</param>
    public static MoeTransformer Load(Checkpoint checkpoint, Compute compute, PrunePlan? mask = null, Residency? residency = null, long? packFrom = null)
    {
        var expected = ExpectedTensors.Of(checkpoint);
        var family = ModelFamilies.For(checkpoint.Config);
        ConfigKeys.Ignore(checkpoint.Config, compute.IgnoredConfigKeys);
        ConfigKeys.RefuseUnknown(checkpoint.Config);
        var type = compute.Type.ToTorch(compute.Device);
        residency ??= Residency.Resident;
        var devices = residency.Devices ?? [.. Enumerable.Repeat(compute.Device.ToTorch(), family.Basics.Layers)];
        ILayerSource layers = residency.Layers == Residence.Resident
            ? new ResidentLayers(family.Basics.Layers, layer => Open(devices[layer]), family.Layer)
            : (compute.Cuda ?? CudaOf(devices[0])) is { } cuda
            ? new StagedLayers(family.Basics.Layers, devices[0], load => new LayerWeights(checkpoint, expected, type, devices[0], packFrom: null, load), family.Layer, new WeightStaging(cuda, devices[0]))
            : new StreamedLayers(family.Basics.Layers, () => Open(devices[0]), family.Layer, Stored);
        var dropped = ExpertMask.Of(mask, ArchitectureCatalog.For(checkpoint.Config).Shape(checkpoint.Config));
        return new MoeTransformer(family, new ModelEnds(family, Open, devices, residency.Layers), layers, devices, residency, new BatchLimit(compute.Trial), dropped);

        IEnumerable<TensorView> Stored(int layer) =>
            checkpoint.TensorNames.Where(name => name.StartsWith($"model.layers.{layer}.", StringComparison.Ordinal)).Select(checkpoint.Tensor);

        LayerWeights Open(Device device) => new(checkpoint, expected, type, device, packFrom);
    }

    private static CudaRuntime? CudaOf(Device device) => device.type == TorchSharp.DeviceType.CUDA ? CudaRuntime.OfLibTorch : null;

    /// <summary>The rule in one layer.</summary>
    /// <param name="mask">Null for <see cref="Mask"/>.</param>
    public RoutingRule RuleOf(int layer, ExpertMask? mask = null) => Routing with { Dropped = (mask ?? Mask).Dropped(layer) };

    public void Dispose()
    {
        Layers.Dispose();
        Ends.Dispose();
    }
}
