using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// 8-bit weights (e4m3: sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinity) with one scale a square block, as DeepSeek-V3
/// stores them: w = code x scale_inv.
/// </summary>
internal static class Fp8
{
    private const int DefaultBlock = 128;

    private static readonly float[] Values = [.. Enumerable.Range(0, 256).Select(Value)];

    /// <param name="weight">F8_E4M3 [out, in]</param>
    /// <param name="scale">`weight_scale_inv` [out / block, in / block], rounded up.</param>
    /// <exception cref="InputException">The scales do not fit the weight.</exception>
    public static Tensor Dequantise(TensorView weight, TensorView scale, HfConfig config, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var section = config.Section("quantization_config");
        var blocks = section is not null && section.Has("weight_block_size") ? section.Integers("weight_block_size") : [DefaultBlock, DefaultBlock];
        var (rows, columns) = (weight.Spec.Shape[0], weight.Spec.Shape[1]);
        if (blocks is not [> 0, > 0] || !scale.Spec.Shape.SequenceEqual([Blocks(rows, blocks[0]), Blocks(columns, blocks[1])]))
        {
            throw new InputException(
                $"'{scale.Spec.Name}' is [{string.Join(", ", scale.Spec.Shape)}], which does not fit a weight of [{rows}, {columns}] in blocks of [{string.Join(", ", blocks)}].",
                config.Path,
                "Config and weights must be of one checkpoint: download both again.");
        }

        var codes = TensorBytes.Load(weight with { Spec = weight.Spec with { DType = DType.UInt8 } }, ScalarType.Int32, device);
        var values = tensor(Values, device: device).index_select(0, codes.flatten()).view(rows, columns);
        var scales = TensorBytes.Load(scale, ScalarType.Float32, device)
            .repeat_interleave(blocks[0], 0).narrow(0, 0, rows)
            .repeat_interleave(blocks[1], 1).narrow(1, 0, columns);
        return (values * scales).to_type(type).MoveToOuterDisposeScope();
    }

    private static long Blocks(long size, int block) => (size + block - 1) / block;

    private static float Value(int code)
    {
        var (exponent, mantissa) = ((code >> 3) & 15, code & 7);
        var size = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(mantissa, -9),
            _ => MathF.ScaleB(8 + mantissa, exponent - 10),
        };
        return code < 128 ? size : -size;
    }
}
