using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeerMoe.Torch.Kernels;

/// <summary>How numbers stand in a tensor that a kernel reads and writes; it computes in float32.</summary>
/// <typeparam name="TStored">Of the size of one number.</typeparam>
internal unsafe interface INumberFormat<TStored>
    where TStored : unmanaged
{
    /// <summary>A number.</summary>
    static abstract float Read(TStored* from);

    /// <summary>Puts a number, rounded.</summary>
    static abstract void Write(float number, TStored* to);

    /// <summary>16 numbers, one behind the other.</summary>
    static abstract Vector512<float> Read16(TStored* from);

    /// <summary>Puts 16 numbers, rounded.</summary>
    static abstract void Write16(Vector512<float> numbers, TStored* to);

    /// <summary>What would be read if it had been written.</summary>
    static abstract Vector512<float> Round(Vector512<float> numbers);
}

/// <summary>float32 as it is.</summary>
internal readonly unsafe struct Float32Format : INumberFormat<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(float* from) => *from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(float number, float* to) => *to = number;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read16(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write16(Vector512<float> numbers, float* to) => numbers.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> numbers) => numbers;
}

/// <summary>bfloat16: the upper half of a float32, rounded to the nearest, ties to even.</summary>
internal readonly unsafe struct BFloat16Format : INumberFormat<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ushort* from) => BitConverter.UInt32BitsToSingle((uint)*from << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(float number, ushort* to) => *to = (ushort)(Rounded(Vector512.Create(number)).ToScalar() >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Read16(ushort* from)
    {
        var half = Vector256.Load(from);
        var words = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(half) : Vector512.Create(Vector256.WidenLower(half), Vector256.WidenUpper(half));
        return (words << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write16(Vector512<float> numbers, ushort* to)
    {
        var bits = Rounded(numbers) >> 16;
        var half = Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(bits) : Vector256.Narrow(bits.GetLower(), bits.GetUpper());
        half.Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> numbers) => (Rounded(numbers) & Vector512.Create(0xFFFF_0000u)).AsSingle();

    /// <summary>The upper halves are right; what is no number stays none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> numbers)
    {
        var bits = numbers.AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One);
        return Vector512.ConditionalSelect(Vector512.Equals(numbers, numbers).AsUInt32(), rounded, Vector512.Create(0x7FC0_0000u));
    }
}
