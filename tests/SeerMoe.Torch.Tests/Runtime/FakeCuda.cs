using System.Runtime.InteropServices;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Tests.Runtime;

/// <summary>
/// CUDA's runtime as late as it may be: a copy happens when something waits for an event behind it, not before. Whoever reads a tensor without
/// waiting, or fills pinned memory again too early, reads other numbers than were meant. Its "device" is the CPU.
/// </summary>
internal static unsafe class FakeCuda
{
    private static readonly Lock Gate = new();
    private static readonly List<(nint To, nint From, nuint Bytes)> Copies = [];
    private static readonly List<string> Log = [];
    private static readonly Dictionary<nint, int> Events = [];
    private static long _made;
    private static int _done;

    [ThreadStatic]
    private static int _device;

    /// <summary>What was called, in order.</summary>
    public static IReadOnlyList<string> Calls
    {
        get
        {
            lock (Gate)
            {
                return [.. Log];
            }
        }
    }

    /// <summary>Streams, events and pinned blocks that nobody gave back.</summary>
    public static int Alive { get; private set; }

    /// <summary>With nothing called yet.</summary>
    public static CudaRuntime Fresh()
    {
        lock (Gate)
        {
            Log.Clear();
            Copies.Clear();
            Events.Clear();
            (_done, Alive) = (0, 0);
        }

        return new CudaRuntime(Find);
    }

    private static nint Find(string name) => name switch
    {
        "cudaGetDevice" => (nint)(delegate* unmanaged<int*, int>)&GetDevice,
        "cudaSetDevice" => (nint)(delegate* unmanaged<int, int>)&SetDevice,
        "cudaMemGetInfo" => (nint)(delegate* unmanaged<nuint*, nuint*, int>)&MemGetInfo,
        "cudaHostAlloc" => (nint)(delegate* unmanaged<nint*, nuint, uint, int>)&HostAlloc,
        "cudaFreeHost" => (nint)(delegate* unmanaged<nint, int>)&FreeHost,
        "cudaStreamCreateWithFlags" => (nint)(delegate* unmanaged<nint*, uint, int>)&Create,
        "cudaEventCreateWithFlags" => (nint)(delegate* unmanaged<nint*, uint, int>)&Create,
        "cudaStreamDestroy" => (nint)(delegate* unmanaged<nint, int>)&Destroy,
        "cudaEventDestroy" => (nint)(delegate* unmanaged<nint, int>)&Destroy,
        "cudaEventRecord" => (nint)(delegate* unmanaged<nint, nint, int>)&Record,
        "cudaStreamWaitEvent" => (nint)(delegate* unmanaged<nint, nint, uint, int>)&StreamWait,
        "cudaEventSynchronize" => (nint)(delegate* unmanaged<nint, int>)&Synchronise,
        "cudaMemcpyAsync" => (nint)(delegate* unmanaged<nint, nint, nuint, uint, nint, int>)&CopyAsync,
        "cudaGetErrorString" => (nint)(delegate* unmanaged<int, nint>)&ErrorString,
        _ => 0,
    };

    [UnmanagedCallersOnly]
    private static int GetDevice(int* device)
    {
        *device = _device;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int SetDevice(int device)
    {
        _device = device;
        return 0;
    }

    /// <summary>Device 3 is broken; the others have a gibibyte for each number.</summary>
    [UnmanagedCallersOnly]
    private static int MemGetInfo(nuint* free, nuint* total)
    {
        (*free, *total) = ((nuint)_device << 30, 8u << 30);
        return _device == 3 ? 2 : 0;
    }

    [UnmanagedCallersOnly]
    private static int HostAlloc(nint* address, nuint bytes, uint flags)
    {
        *address = (nint)NativeMemory.Alloc(bytes);
        Alive++;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int FreeHost(nint address)
    {
        NativeMemory.Free((void*)address);
        Alive--;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Create(nint* made, uint flags)
    {
        *made = (nint)Interlocked.Increment(ref _made);
        Alive++;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Destroy(nint made)
    {
        Alive--;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Record(nint happens, nint stream)
    {
        lock (Gate)
        {
            Log.Add(stream == 0 ? "record compute" : "record copies");
            Events[happens] = Copies.Count;
        }

        return 0;
    }

    [UnmanagedCallersOnly]
    private static int StreamWait(nint stream, nint happens, uint flags)
    {
        Log.Add(stream == 0 ? "compute waits" : "copies wait");
        if (stream == 0)
        {
            CopyUpTo(happens);
        }

        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Synchronise(nint happens)
    {
        CopyUpTo(happens);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int CopyAsync(nint to, nint from, nuint bytes, uint kind, nint stream)
    {
        lock (Gate)
        {
            Log.Add("copy");
            Copies.Add((to, from, bytes));
        }

        return kind == 1 ? 0 : 21;
    }

    [UnmanagedCallersOnly]
    private static nint ErrorString(int status) => Marshal.StringToCoTaskMemUTF8(status == 2 ? "out of memory" : "something else");

    private static void CopyUpTo(nint happens)
    {
        lock (Gate)
        {
            for (; Events.TryGetValue(happens, out var end) && _done < end; _done++)
            {
                var (to, from, bytes) = Copies[_done];
                Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
            }
        }
    }
}
