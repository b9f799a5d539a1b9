using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeerMoe.Torch.Kernels;

/// <summary>e^x of 16 numbers up to 87, as a softmax and a sigmoid take it: of 2^n e^r with |r| up to ln 2 / 2 the Taylor series up to r^7 / 7!, whose rest is 5e-9.</summary>
internal static class Exponential
{
    // What 2^n is a normal number for, and ln 2 in two parts, of which the first has zeros behind it: whole multiples of it are exact.
    private const float Least = -87;
    private const float Ln2 = 0.693145752f;
    private const float Ln2Rest = 1.42860677e-6f;

    /// <summary>Below -87 that of -87, 2e-38; what is no number stays none (so the order of the two in the maximum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(Least), x);
        var n = Vector512.Round(x * (1 / MathF.Log(2)));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Rest), r);
        var y = Vector512.Create(1 / 5040f);
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1 / 720f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1 / 120f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1 / 24f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1 / 6f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1 / 2f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512<float>.One);
        y = Vector512.FusedMultiplyAdd(y, r, Vector512<float>.One);
        return y * ((Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23).AsSingle();
    }

    /// <summary>s = 1 / (1 + e^-x) of any x; below -87 that of -87, 2e-38. Of what is no number it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Of(Vector512.MinNative(Vector512.Create(-Least), -x)));

    /// <summary>Of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float x) => Of(Vector512.Create(x)).ToScalar();
}
