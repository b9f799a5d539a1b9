using SeerMoe.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>
/// Where the numbers of a tensor on the CPU stand. Our own kernels do in one pass over a row, which stays in the core's cache, what libtorch does in an operation each, and
/// in memory of its own each time.
/// </summary>
internal static unsafe class TensorMemory
{
    /// <summary>Rows times numbers below which a second thread costs more than it helps.</summary>
    private const long WorthAThread = 1 << 15;

    /// <summary>Whether kernels can read such a tensor: float32 or bfloat16 on the CPU.</summary>
    public static bool Holds(Tensor x) => x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>The same for those that have no gradient: nobody learns.</summary>
    public static bool Serve(Tensor x) => Holds(x) && is_inference_mode_enabled();

    /// <summary>The first number.</summary>
    public static void* First(Tensor x) => (void*)TensorBytes.AddressOf(x);

    /// <summary>Does all rows, by as many threads as <see cref="Worker.Threads"/> says. What comes out must not depend on it.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="work">Gets the number of a row.</param>
    public static void Each(long rows, long width, Action<long> work)
    {
        var threads = Math.Min(Worker.Threads, rows * width / WorthAThread);
        if (threads <= 1)
        {
            Some(0, rows);
        }
        else
        {
            Parallel.For(0, threads, i => Some(rows * i / threads, rows * (i + 1) / threads));
        }

        void Some(long first, long end)
        {
            for (var row = first; row < end; row++)
            {
                work(row);
            }
        }
    }
}
