using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>libtorch has no room for a tensor. What the work had made until then is given back with its dispose scope, and less of it may fit.</summary>
public static class OutOfMemory
{
    // c10: alloc_cpu (Linux, Windows), CUDACachingAllocator, a failed call of the CUDA runtime, the workspace of cuBLAS.
    private static readonly string[] Words = ["can't allocate memory", "not enough memory", "CUDA out of memory", "CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED"];

    /// <summary>TorchSharp throws libtorch's words in an ExternalException; the words are all that tells one from another.</summary>
    public static bool Is(Exception error) => error is ExternalException && Array.Exists(Words, words => error.Message.Contains(words, StringComparison.Ordinal));

    /// <summary>What a user is told where nothing smaller could be tried.</summary>
    public static InputException Refused(Exception error) => new(
        $"Memory ran out: {error.Message.Split('\n')[0]}",
        "the device that computes",
        "Pass fewer sequences (--batch, batch) or shorter ones (--window, window), compute in bfloat16, let layers be streamed (--memory GIB), or free the device of other programs.",
        error);
}
