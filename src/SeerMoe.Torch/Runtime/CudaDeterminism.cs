using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// The same inputs give the same bytes on a CUDA device too, and float32 means float32.
/// <code>
/// workspaces of cuBLAS       of a fixed size, so that a product has one way to be split
/// atomic adds                none: index_add, scatter and the gradients of gather and index_select take the form that sorts first
/// TF32                       off: its products keep 10 bits
/// </code>
/// TorchSharp has no word for the second, so libtorch's own is called. On systems other than Linux, whose names of C++ functions differ, the
/// first two are left out.
/// </summary>
internal static unsafe class CudaDeterminism
{
    // at::globalContext(), at::Context::setDeterministicAlgorithms(bool, bool) and the getter, in the names that GCC gives them.
    private const string Context = "_ZN2at13globalContextEv";
    private const string Set = "_ZN2at7Context26setDeterministicAlgorithmsEbb";
    private const string SetFill = "_ZN2at7Context39setDeterministicFillUninitializedMemoryEb";
    private const string Get = "_ZNK2at7Context23deterministicAlgorithmsEv";

    /// <summary>Whether operations without an order of their own are refused.</summary>
    public static bool IsDemanded => Find(Get) is { } get && ((delegate* unmanaged<nint, byte>)get)(GlobalContext()) != 0;

    /// <summary>Must come before libtorch, which reads it with the first product.</summary>
    public static void FixWorkspaces() => NativeEnvironment.SetDefault("CUBLAS_WORKSPACE_CONFIG"u8, ":4096:8"u8);

    /// <summary>Before the first use of a device.</summary>
    public static void Demand()
    {
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
        Order(1);
    }

    /// <param name="demanded">1 refuses operations that have no ordered form, 0 takes that back.</param>
    internal static void Order(byte demanded)
    {
        if (Find(Set) is { } set && Find(SetFill) is { } fill)
        {
            ((delegate* unmanaged<nint, byte, byte, void>)set)(GlobalContext(), demanded, 0);

            // Nothing here reads what nobody wrote: filling fresh tensors would only cost time.
            ((delegate* unmanaged<nint, byte, void>)fill)(GlobalContext(), 0);
        }
    }

    private static nint GlobalContext() => ((delegate* unmanaged<nint>)Find(Context)!.Value)();

    private static nint? Find(string name) =>
        OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(LibTorch.Cpu, name, out var address) ? address : null;
}
