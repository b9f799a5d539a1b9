using System.Collections.Immutable;

namespace SeerMoe.Safetensors;

/// <summary>A tensor without its bytes: name, element type and shape. Specs are equal when all three are.</summary>
/// <param name="Name">Name in the checkpoint.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Row-major dimensions; empty for a scalar.</param>
public sealed record TensorSpec(string Name, DType DType, ImmutableArray<long> Shape)
{
    /// <summary>Product of the dimensions: 1 for a scalar, 0 as soon as one dimension is 0.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var dimension in Shape)
            {
                count = checked(count * dimension);
            }

            return count;
        }
    }

    public long ByteCount => checked(ElementCount * DType.Bytes());

    public bool Equals(TensorSpec? other) =>
        other is not null && Name == other.Name && DType == other.DType && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, DType, Shape.Length);
}

/// <summary>Where the bytes of a tensor stand.</summary>
/// <param name="Spec">The tensor.</param>
/// <param name="Start">Offset of its first byte from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(TensorSpec Spec, long Start, long Length);
