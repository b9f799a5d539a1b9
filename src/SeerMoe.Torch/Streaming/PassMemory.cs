using System.Globalization;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Streaming;

/// <summary>What decides about the activations of a pass.</summary>
/// <param name="Sequences">B</param>
/// <param name="Length">S, tokens of the longest.</param>
public readonly record struct PassSize(long Sequences, long Length)
{
    /// <summary>Rows of logits that are in memory at once; more than there are tokens is all of them, 0 none.</summary>
    public long HeadRows { get; init; }

    /// <summary>Whether each row of logits stands beside one of another model.</summary>
    public bool IsCompared { get; init; }

    /// <summary>Masks that go through the model together: each has hidden states of its own in the end.</summary>
    public int Masks { get; init; } = 1;

    public long Tokens => Sequences * Length;
}

/// <summary>
/// Memory at the peak of a pass without gradients, bytes, from shapes alone.
/// <code>
/// resident   program + all weights + activations of a layer + logits (+ hidden states, keys and values of other masks)
/// streamed   program + the largest of: embedding; a layer and its activations; head and logits (+ hidden states of all batches)
/// </code>
/// </summary>
public sealed class PassMemory
{
    /// <summary>The program itself, .NET and libtorch with what they keep, measured.</summary>
    public const long ProgramBytes = 215L << 20;

    // Measured (the benchmarks `estimates` and `streaming`): blocks of experts' changing sizes leave holes between them, and the allocator keeps spare room.
    private const double WithHoles = 1.5;
    private const double WithSpareRoom = 1.1;

    // Kernels and workspaces of cuBLAS; an estimate, which nobody has measured yet.
    private const long DeviceBytes = 512L << 20;

    private const double GiB = 1L << 30;

    private readonly MoeShape _shape;
    private readonly int _bytesANumber;
    private readonly long _vocabulary;
    private readonly long _hidden;
    private readonly long _inner;
    private readonly long _queries;
    private readonly long _embedding;
    private readonly long[] _layers;

    private PassMemory(HfConfig config, Footprint footprint, int bytesANumber)
    {
        var tensors = ArchitectureCatalog.For(config).Tensors(config).Select(tensor => new TensorSpec(tensor.Name, tensor.DType ?? DType.Float32, tensor.Shape)).ToList();
        var embedding = tensors.First(tensor => tensor.Name == "model.embed_tokens.weight");
        _shape = ArchitectureCatalog.For(config).Shape(config);
        _bytesANumber = bytesANumber;
        (_vocabulary, _hidden) = (embedding.Shape[0], embedding.Shape[1]);
        _inner = footprint.ExpertParameters / _shape.Experts.Sum() / (3 * _hidden);
        _queries = footprint.Attention.Max(layer => layer.Heads * layer.ScoreDim);
        _embedding = _vocabulary * _hidden * bytesANumber;
        WeightBytes = footprint.Parameters * bytesANumber;
        _layers = [.. Enumerable.Range(0, _shape.Layers).Select(layer => tensors.Where(tensor => tensor.Name.StartsWith($"model.layers.{layer}.", StringComparison.Ordinal)).Sum(PackedParameters.Of) * bytesANumber)];
    }

    /// <summary>Of all weights, in the type to compute in.</summary>
    public long WeightBytes { get; }

    public static PassMemory Of(Checkpoint checkpoint, Compute compute) => new(checkpoint.Config, Footprint.Of(checkpoint), BytesANumber(compute));

    /// <summary>The same with no weights at hand.</summary>
    public static PassMemory Of(HfConfig config, Compute compute) => new(config, Footprint.Of(config), BytesANumber(compute));

    /// <summary>With all weights in memory.</summary>
    public long Resident(PassSize size) => ProgramBytes + (long)(WeightBytes * WithSpareRoom) + Activations(size) + OtherMasks(size) + Logits(size); // what one leaves free the other is too large for

    /// <summary>With one layer at a time, the hidden states of all batches in a file.</summary>
    public long Streamed(PassSize size) => ProgramBytes + Math.Max(_embedding, Math.Max((long)(_layers.Max() * WithSpareRoom) + Activations(size), _embedding + Logits(size)));

    /// <inheritdoc cref="Choose(Compute, Func{PassSize})"/>
    public Residency Choose(Compute compute, PassSize size) => Choose(compute, () => size);

    /// <summary>Resident where that is no more than allowed, else streamed, with what is left for hidden states.</summary>
    /// <param name="compute">Its limit; else what is free of its devices, or the machine's memory where the weights alone are more.</param>
    /// <param name="largest">Asked for where there is a limit.</param>
    /// <exception cref="InputException">Streamed, it would take more than allowed too.</exception>
    public Residency Choose(Compute compute, Func<PassSize> largest)
    {
        if (compute.Device.Memory() is { } devices)
        {
            return Place([.. devices.Select(one => one with { FreeBytes = Math.Min(one.FreeBytes, compute.MemoryBytes ?? long.MaxValue) })], largest());
        }

        if ((compute.MemoryBytes ?? OfTooSmallMachine(compute)) is not { } allowed)
        {
            return Residency.Resident;
        }

        var size = largest();
        if (Resident(size) <= allowed)
        {
            return Residency.Resident;
        }

        var needed = Streamed(size);
        return needed <= allowed
            ? new Residency(Residence.Streamed, allowed - needed)
            : throw new InputException(
                $"A pass of {size.Sequences} sequences of {size.Length} tokens takes {needed / GiB:N2} GiB even with one layer in memory at a time.",
                $"--memory {(allowed / GiB).ToString("G4", CultureInfo.InvariantCulture)}",
                $"Allow {Math.Ceiling(needed / GiB * 10) / 10:0.#} GiB, pass fewer sequences (--batch) or shorter ones (--window), or compute in bfloat16.");
    }

    /// <summary>
    /// All on one device, or spread over several, or else streamed to the one with the most room; if nothing of that has room for a whole
    /// pass, the same for one of a single sequence, which passes are halved down to.
    /// </summary>
    /// <param name="devices">With what may be taken of them.</param>
    /// <exception cref="InputException">There is no room for one sequence.</exception>
    internal Residency Place(IReadOnlyList<DeviceMemory> devices, PassSize size)
    {
        var one = size with { Sequences = 1 };
        var largest = devices.MaxBy(device => device.FreeBytes);
        return PlaceWhole(devices, largest, size) ?? PlaceWhole(devices, largest, one) ?? throw new InputException(
            $"One sequence of {size.Length} tokens takes {StreamedOnDevice(one) / GiB:N2} GiB of a device even with two layers on it at a time.",
            $"{largest.Device}, of which {largest.FreeBytes / GiB:N2} GiB may be taken",
            "Pass shorter sequences (--window), compute in bfloat16, or free the device of other programs.");
    }

    private Residency? PlaceWhole(IReadOnlyList<DeviceMemory> devices, DeviceMemory largest, PassSize size)
    {
        // Norm and head are taken for as large as the embedding, which they are but for the norm.
        long[] weights = [.. _layers];
        weights[0] += _embedding;
        weights[^1] += _embedding;
        var besides = DeviceBytes + Activations(size) + OtherMasks(size) + Logits(size);
        return LayerPlacement.Of([.. devices.Select(device => (long)((device.FreeBytes - besides) / WithSpareRoom))], weights) is { } places
            ? Residency.Resident with { Devices = [.. places.Select(place => devices[place].Device)] }
            : largest.FreeBytes - StreamedOnDevice(size) is var left and >= 0
            ? new Residency(Residence.Streamed, left) { Devices = [.. Enumerable.Repeat(largest.Device, _shape.Layers)] }
            : null;
    }

    private long StreamedOnDevice(PassSize size) =>
        DeviceBytes + OtherMasks(size) + Math.Max(_embedding, Math.Max((long)(2 * _layers.Max() * WithSpareRoom) + Activations(size), _embedding + Logits(size)));

    /// <summary>The machine's memory, where the weights alone are more; null where they are not, or are not to lie in it.</summary>
    private long? OfTooSmallMachine(Compute compute) =>
        compute.Device.Class == ComputeDevice.Cpu.Name && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is var machine && ProgramBytes + WeightBytes > machine ? machine : null;

    /// <summary>All that a layer makes on the way: its temporaries live until it is done.</summary>
    public long Activations(PassSize size) => (long)(KeptActivations(size) * WithHoles);

    /// <summary>The same of a layer that a graph keeps: what lies still leaves no holes.</summary>
    public long KeptActivations(PassSize size) => size.Tokens * ((20 * _hidden) + (8 * _queries) + (_shape.TopK * ((4 * _hidden) + (3 * _inner)))) * _bytesANumber;

    // A batch, and behind what prefix it may stand.
    private long OtherMasks(PassSize size) => (Math.Max(1, size.Masks) - 1) * ((size.Tokens * _hidden) + (size.Length * _shape.Layers * 2 * _queries)) * _bytesANumber;

    // Logits in the type of the weights, in float32, and their logarithms; six more tables beside another model, whose head is in memory too.
    private long Logits(PassSize size) => size.IsCompared
        ? _embedding + Tables(size, 8)
        : Tables(size, 2);

    private long Tables(PassSize size, int wide) => Math.Min(size.Tokens, size.HeadRows) * _vocabulary * (_bytesANumber + (wide * sizeof(float)));

    private static int BytesANumber(Compute compute) => compute.Type.Resolve(compute.Device) == ComputeType.Float32 ? sizeof(float) : sizeof(float) / 2;
}
