using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Where the numbers are computed, as the user wrote it.
/// <code>
/// cpu        the processor
/// cuda       the first CUDA device; a model that is too large for it is spread over all
/// cuda:1     the second one alone
/// auto       cuda where there is one, else cpu
/// </code>
/// </summary>
public sealed record ComputeDevice
{
    private const string CudaName = "cuda";

    public static readonly ComputeDevice Cpu = new("cpu", index: 0);
    public static readonly ComputeDevice Auto = new("auto", index: 0);

    private ComputeDevice(string name, int index) => (Name, Index) = (name, index);

    /// <summary>"cpu", "cuda", "cuda:1" or "auto".</summary>
    public string Name { get; }

    /// <summary>The number of the CUDA device.</summary>
    public int Index { get; }

    /// <summary>"cpu" or "cuda": as much of the device as a lock records. Loads libtorch only where auto meets one with CUDA.</summary>
    public string Class => Resolve().IsCuda ? CudaName : Cpu.Name;

    private bool IsCuda => Name.StartsWith(CudaName, StringComparison.Ordinal);

    /// <summary>Reads the value of --device.</summary>
    /// <exception cref="InputException">It is none of the four forms.</exception>
    public static ComputeDevice Parse(string text) => text switch
    {
        "cpu" => Cpu,
        "auto" => Auto,
        CudaName => new(CudaName, index: 0),
        _ when text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new($"cuda:{index}", index),
        _ => throw new InputException($"'{text}' is no device.", "--device", "Use cpu, cuda, cuda:N (N from 0) or auto."),
    };

    /// <summary>The device that this means here: auto is a CUDA device where there is one, else the CPU.</summary>
    /// <exception cref="InputException">A CUDA device is asked for that is not there.</exception>
    public ComputeDevice Resolve() => Resolve(CudaDevices);

    internal ComputeDevice Resolve(Func<int> cudaDevices)
    {
        if (this == Auto)
        {
            return cudaDevices() > 0 ? Parse(CudaName) : Cpu;
        }

        if (IsCuda && cudaDevices() is var devices && Index >= devices)
        {
            throw new InputException(
                devices == 0
                    ? "There is no CUDA device that libtorch can use."
                    : $"There is no CUDA device {Index}: libtorch sees {devices}.",
                $"--device {Name}",
                devices == 0
                    ? $"Use --device cpu, or install a backend for it (dotnet seer backend install {Backend.Cuda}) and check the driver with nvidia-smi."
                    : devices == 1 ? "Use cuda:0." : $"Use cuda:0 to cuda:{devices - 1}, or cuda for all of them.");
        }

        return this;
    }

    /// <summary>TorchSharp's device for what this means here.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "A torch.Device holds nothing.")]
    public Device ToTorch()
    {
        var here = Resolve();
        LibTorch.Load();
        if (!here.IsCuda)
        {
            return CPU;
        }

        CudaDeterminism.Demand();
        return new Device(TorchSharp.DeviceType.CUDA, here.Index);
    }

    /// <summary>What is free on each CUDA device that this means; null for the CPU, and where nobody can say.</summary>
    internal IReadOnlyList<DeviceMemory>? Memory()
    {
        var first = ToTorch();
        if (first.type != TorchSharp.DeviceType.CUDA || CudaRuntime.OfLibTorch is not { } cuda)
        {
            return null;
        }

        var devices = Resolve().Name == CudaName ? Enumerable.Range(0, CudaDevices()).Select(index => new Device(TorchSharp.DeviceType.CUDA, index)) : [first];
        return [.. devices.Select(device => new DeviceMemory(device, cuda.FreeBytes(device.index)))];
    }

    /// <summary>A libtorch without CUDA has no such device, and need not be loaded to know.</summary>
    private static int CudaDevices()
    {
        if (NativeFolder.Installed() is not { } folder || !NativeFolder.HoldsCuda(folder))
        {
            return 0;
        }

        LibTorch.Load();
        return cuda.is_available() ? cuda.device_count() : 0;
    }
}
