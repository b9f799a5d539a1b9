using System.Collections.Immutable;
using SeerMoe.Safetensors;

namespace SeerMoe.Architectures;

/// <summary>A tensor that a config calls for.</summary>
/// <param name="Name">As it stands in the checkpoint.</param>
/// <param name="Shape">Row-major, as it stands in the checkpoint.</param>
/// <param name="DType">Its element type where the format fixes it; null for the checkpoint's own.</param>
public readonly record struct TensorShape(string Name, ImmutableArray<long> Shape, DType? DType = null)
{
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
