using System.Numerics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>
/// How many rows an expert is given where oneDNN multiplies (bfloat16 on the CPU): a few more than it has. It makes machine code for each shape
/// that it meets, and a router sends each expert another number of tokens in each batch; so only few numbers of rows may occur.
/// <code>
/// [450 to 649, 512] by [512, 1024], bfloat16, plain, two cores      a new shape 5.1 ms     a known one 1.3 ms
///
/// rows           8  9   64  65   128  129   256  257   512  513
/// rows given     8 16   64  72   128  136   256  272   512  544     at most an eighth more above 64, below 3 % on average
/// </code>
/// </summary>
internal static class KernelRows
{
    private const long Fewest = 8;

    /// <summary>Steps between a power of two and the next.</summary>
    private const int StepsAnOctave = 16;

    /// <summary>Whether shapes cost something there.</summary>
    public static bool Serve(Tensor x) => x.dtype == ScalarType.BFloat16 && x.device_type == TorchSharp.DeviceType.CPU;

    /// <summary>The rows to give for so many; 0 for none.</summary>
    public static long Of(long rows)
    {
        var step = Math.Max(Fewest, (long)(BitOperations.RoundUpToPowerOf2((ulong)rows) / 2 / StepsAnOctave));
        return (rows + step - 1) / step * step;
    }
}
