using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeerMoe.Torch.Kernels;

/// <summary>The largest of 16 numbers.</summary>
internal static class VectorMaximum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(Vector512<float> x)
    {
        var eight = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }
}
