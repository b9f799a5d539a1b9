using System.Buffers.Binary;

namespace SeerMoe.Safetensors;

/// <summary>The bytes of one tensor inside a mapped file, row-major, little-endian; valid while the file is open.</summary>
/// <param name="Spec">Name, element type and shape.</param>
/// <param name="Address">Where the first byte is; any alignment.</param>
public readonly unsafe record struct TensorView(TensorSpec Spec, nint Address)
{
    public long ByteCount { get; } = Spec.ByteCount;

    /// <summary><paramref name="count"/> bytes from <paramref name="offset"/>: tensors may be larger than a span.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteCount - count);
        return new ReadOnlySpan<byte>((byte*)Address + offset, count);
    }

    /// <summary>Some of the slices that stand side by side on the first dimension.</summary>
    public TensorView Rows(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Spec.Shape[0] - count);
        return new TensorView(Spec with { Shape = Spec.Shape.SetItem(0, count) }, Address + (nint)(ByteCount / Spec.Shape[0] * first));
    }

    /// <summary>All elements of a floating-point tensor, as float32.</summary>
    public float[] ToFloats()
    {
        var width = Spec.DType.Bytes();
        var floats = new float[Spec.ElementCount];
        for (var i = 0; i < floats.Length; i++)
        {
            var element = Slice((long)i * width, width);
            floats[i] = Spec.DType switch
            {
                DType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                DType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                DType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                // bfloat16 is the upper half of a float32.
                DType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(element) << 16),
                _ => throw new NotSupportedException($"Tensor '{Spec.Name}' holds {Spec.DType.Code()}, not float64, float32, float16 or bfloat16."),
            };
        }

        return floats;
    }
}
