using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The only native door: <see cref="Load()"/> stands before the first use of TorchSharp in every program and test. Commands that
/// need no tensor never call it, so they never load native code.
/// </summary>
public static class LibTorch
{
    private static readonly Lock Gate = new();
    private static nint _shim;
    private static nint _cpu;
    private static nint _cuda;

    /// <summary>TorchSharp's native library, for the few entry points that TorchSharp keeps to itself.</summary>
    internal static nint Shim
    {
        get
        {
            Load();
            return _shim;
        }
    }

    /// <summary>libtorch's own library for the CPU, for the few functions that TorchSharp has no word for.</summary>
    internal static nint Cpu
    {
        get
        {
            Load();
            return _cpu;
        }
    }

    /// <summary>The address of a function of CUDA's runtime, with which libtorch_cuda is linked; 0 where there is none.</summary>
    internal static nint FindCuda(string function)
    {
        Load();
        return _cuda != 0 && NativeLibrary.TryGetExport(_cuda, function, out var address) ? address : 0;
    }

    /// <summary>Loads libtorch and TorchSharp's native library once; any thread may call it any number of times.</summary>
    /// <exception cref="InputException">libtorch is not on this machine, or can't be loaded.</exception>
    public static void Load() => Load(NativeFolder.Find);

    /// <summary>The same from a folder that is on trial: for a process that does nothing else.</summary>
    /// <exception cref="InputException">It can't be loaded.</exception>
    internal static void LoadOnTrial(string folder) => Load(() => folder);

    private static void Load(Func<string> find)
    {
        lock (Gate)
        {
            if (_shim == 0)
            {
                Malloc.KeepLargeBlocks();
                OpenMp.SleepSoonAtBarriers();
                CudaDeterminism.FixWorkspaces();
                _shim = LoadFrom(find());
                LateDelete.Begin(_shim);
            }
        }
    }

    /// <summary>
    /// By absolute path and in the order of their dependencies: then every later load by name, TorchSharp's own among them, is
    /// answered with the libraries that are there already.
    /// </summary>
    private static nint LoadFrom(string folder)
    {
        try
        {
            string[] cuda = NativeFolder.HoldsCuda(folder) ? ["c10_cuda", "torch_cuda"] : [];
            foreach (var name in (string[])["c10", "torch_cpu", "torch", .. cuda])
            {
                var library = NativeLibrary.Load(Path.Combine(folder, NativeFolder.FileOf(name)));
                if (name == "c10")
                {
                    LargeBlocks.Begin(library);
                }

                if (name == "torch_cpu")
                {
                    MklVendorTest.Answer(_cpu = library);
                }
            }

            // On Windows a function is found in no other library than its own.
            _cuda = cuda.Length == 0 ? 0 : NativeLibrary.Load(Path.Combine(folder, OperatingSystem.IsWindows() ? "cudart64_12.dll" : NativeFolder.FileOf("torch_cuda")));
            return TorchSharpShim.Load();
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new InputException(
                $"libtorch can't be loaded: {error.Message}",
                folder,
                $"Check that the folder holds the whole of libtorch {NativeFolder.Version} for {NativeFolder.Rid}, or install it again: dotnet seer backend install {Backend.Cpu}",
                error);
        }
    }
}
