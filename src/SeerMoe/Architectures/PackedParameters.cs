using SeerMoe.Safetensors;

namespace SeerMoe.Architectures;

/// <summary>Parameters in a tensor, which quantised formats store otherwise than one an element.</summary>
/// <example>
/// <code>
/// gate_up_proj_blocks     U8 [8, 64, 2, 16]    two 4-bit numbers a byte: 32,768 parameters
/// gate_up_proj_scales     U8 [8, 64, 2]        scales: none
/// q_proj.weight_scale_inv F32 [2, 1]           scales: none
/// </code>
/// </example>
public static class PackedParameters
{
    public static long Of(TensorSpec spec) => spec switch
    {
        { DType: DType.UInt8 } when spec.Name.EndsWith("_blocks", StringComparison.Ordinal) => 2 * spec.ElementCount,
        { DType: DType.UInt8 } when spec.Name.EndsWith("_scales", StringComparison.Ordinal) => 0,
        _ => spec.Name.EndsWith("_scale_inv", StringComparison.Ordinal) ? 0 : spec.ElementCount,
    };
}
