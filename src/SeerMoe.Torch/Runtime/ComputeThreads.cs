using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A fixed number of threads for what this thread computes on the CPU. libtorch splits sums by the number of threads, so the last bits
/// depend on it: without this they would depend on how many cores the machine has.
/// </summary>
public sealed class ComputeThreads : IDisposable
{
    private readonly int _before;

    private ComputeThreads(int before) => _before = before;

    /// <param name="threads">May be more than there are cores: they take turns then, and the bits stay the same.</param>
    public static ComputeThreads Fix(int threads)
    {
        LibTorch.Load();
        var before = get_num_threads();
        set_num_threads(threads);
        return new ComputeThreads(before);
    }

    public void Dispose() => set_num_threads(_before);
}
