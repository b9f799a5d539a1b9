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
    private static readonly float[] Values = [.. Enumerable.Range(0, 256).Select(Value)];

    /// <param name="weight">F8_E4M3 [out, in]</param>
    /// <param name="scale">`weight_scale_inv` [out / block, in / block], rounded up; float32, or powers of two (F8_E8M0).</param>
    /// <param name="config">`quantization_config.weight_block_size`</param>
    /// <exception cref="InputException">The scales do not fit the weight.</exception>
    /// <remarks>A row of blocks at a time: codes take eight times their bytes on the way.</remarks>
    public static Tensor Dequantise(TensorView weight, TensorView scale, HfConfig config, ScalarType type, Device device)
    {
        var blocks = config.Section("quantization_config")!.Integers("weight_block_size");
        var (rows, columns) = (weight.Spec.Shape[0], weight.Spec.Shape[1]);
        if (blocks is not [> 0, > 0] || !scale.Spec.Shape.SequenceEqual([Blocks(rows, blocks[0]), Blocks(columns, blocks[1])]))
        {
            throw new InputException(
                $"'{scale.Spec.Name}' is [{string.Join(", ", scale.Spec.Shape)}], which does not fit a weight of [{rows}, {columns}] in blocks of [{string.Join(", ", blocks)}].",
                config.Path,
                "Config and weights must be of one checkpoint: download both again.");
        }

        var all = empty([rows, columns], type, device);
        var codes = weight with { Spec = weight.Spec with { DType = DType.UInt8 } };
        using var values = tensor(Values, device: device);
        using var scales = Scales(scale, device);
        for (long row = 0; row < rows; row += blocks[0])
        {
            using var scope = NewDisposeScope();
            var height = Math.Min(blocks[0], rows - row);
            var numbers = values.index_select(0, TensorBytes.Load(codes.Rows(row, height), ScalarType.Int32, device).flatten()).view(height, columns);
            var factors = scales.select(0, row / blocks[0]).repeat_interleave(blocks[1], 0).narrow(0, 0, columns);
            all.narrow(0, row, height).copy_(numbers * factors);
        }

        return all;
    }

    private static Tensor Scales(TensorView scale, Device device)
    {
        if (scale.Spec.DType != DType.Float8E8M0)
        {
            return TensorBytes.Load(scale, ScalarType.Float32, device);
        }

        using var exponents = TensorBytes.Load(scale with { Spec = scale.Spec with { DType = DType.UInt8 } }, ScalarType.Float32, device);
        using var centred = exponents - 127;
        return centred.exp2();
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
