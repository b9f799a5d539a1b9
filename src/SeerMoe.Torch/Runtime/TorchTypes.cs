using SeerMoe.Safetensors;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>Which element types of safetensors libtorch can hold, and under what name.</summary>
internal static class TorchTypes
{
    /// <summary>The name in a safetensors file of a type that is computed in.</summary>
    public static DType ToSafetensors(this ScalarType type) => type switch
    {
        ScalarType.Float32 => DType.Float32,
        ScalarType.Float16 => DType.Float16,
        ScalarType.BFloat16 => DType.BFloat16,
        _ => throw new NotSupportedException($"Nothing is computed in {type}."),
    };

    /// <summary>TorchSharp's name of an element type.</summary>
    /// <exception cref="InputException">TorchSharp has none: the 8-bit floats and the wider unsigned integers.</exception>
    public static ScalarType ToTorch(this DType dtype, string tensor) => dtype switch
    {
        DType.Float64 => ScalarType.Float64,
        DType.Float32 => ScalarType.Float32,
        DType.Float16 => ScalarType.Float16,
        DType.BFloat16 => ScalarType.BFloat16,
        DType.Int64 => ScalarType.Int64,
        DType.Int32 => ScalarType.Int32,
        DType.Int16 => ScalarType.Int16,
        DType.Int8 => ScalarType.Int8,
        DType.UInt8 => ScalarType.Byte,
        DType.Bool => ScalarType.Bool,
        _ => throw new InputException(
            $"Elements of type {dtype.Code()} can't be computed with.",
            tensor,
            "Use a checkpoint in F32, BF16 or F16; convert this one with the tool that made it."),
    };
}
