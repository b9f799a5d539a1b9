using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The calls of NVIDIA's runtime library that TorchSharp has no word for: free memory, pinned memory, streams and events. They are C and have
/// not changed since CUDA 3; libtorch brings the library along.
/// </summary>
/// <param name="find">The address of a function by name; 0 where there is none.</param>
internal sealed unsafe class CudaRuntime(Func<string, nint> find)
{
    /// <summary>The stream that libtorch computes on as long as nobody tells it otherwise.</summary>
    public const nint ComputeStream = 0;

    // driver_types.h
    private const uint NonBlocking = 1;
    private const uint DisableTiming = 2;
    private const uint HostToDevice = 1;
    private const uint PortableMemory = 1;

    /// <summary>That of the libtorch in use; null where it has none.</summary>
    public static CudaRuntime? OfLibTorch { get; } =
        LibTorch.FindCuda("cudaMemGetInfo") == 0 ? null : new CudaRuntime(LibTorch.FindCuda);

    /// <summary>Bytes that nobody has taken. What libtorch keeps of tensors that are gone counts as taken, although it would be used again.</summary>
    public long FreeBytes(int device)
    {
        nuint free = 0, total = 0;
        using var turn = On(device);
        Check(((delegate* unmanaged<nuint*, nuint*, int>)find("cudaMemGetInfo"))(&free, &total));
        return (long)free;
    }

    /// <summary>Memory of the host that a device can read by itself.</summary>
    public nint AllocatePinned(long bytes)
    {
        nint address = 0;
        Check(((delegate* unmanaged<nint*, nuint, uint, int>)find("cudaHostAlloc"))(&address, (nuint)bytes, PortableMemory));
        return address;
    }

    public void FreePinned(nint address) => Check(((delegate* unmanaged<nint, int>)find("cudaFreeHost"))(address));

    /// <summary>A stream that does not wait for the one that computes, nor lets it wait.</summary>
    public nint CreateStream(int device)
    {
        nint stream = 0;
        using var turn = On(device);
        Check(((delegate* unmanaged<nint*, uint, int>)find("cudaStreamCreateWithFlags"))(&stream, NonBlocking));
        return stream;
    }

    public void DestroyStream(nint stream) => Check(((delegate* unmanaged<nint, int>)find("cudaStreamDestroy"))(stream));

    public nint CreateEvent(int device)
    {
        nint made = 0;
        using var turn = On(device);
        Check(((delegate* unmanaged<nint*, uint, int>)find("cudaEventCreateWithFlags"))(&made, DisableTiming));
        return made;
    }

    public void DestroyEvent(nint made) => Check(((delegate* unmanaged<nint, int>)find("cudaEventDestroy"))(made));

    /// <summary>The event happens when all that was given to the stream until now is done.</summary>
    public void Record(int device, nint happens, nint stream)
    {
        using var turn = On(device);
        Check(((delegate* unmanaged<nint, nint, int>)find("cudaEventRecord"))(happens, stream));
    }

    /// <summary>What is given to the stream from now on waits for the event; the caller does not.</summary>
    public void Wait(int device, nint stream, nint happens)
    {
        using var turn = On(device);
        Check(((delegate* unmanaged<nint, nint, uint, int>)find("cudaStreamWaitEvent"))(stream, happens, 0));
    }

    /// <summary>The caller waits for the event; one that was never recorded has happened.</summary>
    public void Synchronise(nint happens) => Check(((delegate* unmanaged<nint, int>)find("cudaEventSynchronize"))(happens));

    /// <summary>Copies when the stream comes to it; the pinned memory must stay as it is until then.</summary>
    public void CopyToDevice(int device, nint to, nint fromPinned, long bytes, nint stream)
    {
        using var turn = On(device);
        Check(((delegate* unmanaged<nint, nint, nuint, uint, nint, int>)find("cudaMemcpyAsync"))(to, fromPinned, (nuint)bytes, HostToDevice, stream));
    }

    /// <summary>Each thread has a device of its own that calls are about, and libtorch counts on finding it as it was.</summary>
    private Turn On(int device)
    {
        var before = 0;
        Check(((delegate* unmanaged<int*, int>)find("cudaGetDevice"))(&before));
        Use(device);
        return new Turn(this, before);
    }

    private void Use(int device) => Check(((delegate* unmanaged<int, int>)find("cudaSetDevice"))(device));

    /// <exception cref="ExternalException">As libtorch words it.</exception>
    private void Check(int status)
    {
        if (status != 0)
        {
            throw new ExternalException($"CUDA error: {Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)find("cudaGetErrorString"))(status))}");
        }
    }

    private readonly ref struct Turn(CudaRuntime cuda, int before)
    {
        public void Dispose() => cuda.Use(before);
    }
}
