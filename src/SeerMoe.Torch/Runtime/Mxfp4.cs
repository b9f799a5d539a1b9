using SeerMoe.Safetensors;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// 4-bit weights in blocks of 32 with one power of two a block (OCP Microscaling MXFP4), as gpt-oss stores its experts.
/// <code>
/// byte   hhhh llll      the low half is the earlier number
/// half   s eem          0 0.5 1 1.5 2 3 4 6, negative with s
/// value  half x 2^(scale - 127)
/// </code>
/// </summary>
internal static class Mxfp4
{
    private static readonly float[] Values = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <param name="blocks">U8 [E, out, in / 32, 16]</param>
    /// <param name="scales">U8 [E, out, in / 32]</param>
    /// <returns>[E, in, out], exact in bfloat16 and float32.</returns>
    /// <remarks>Expert by expert: codes take eight times their bytes on the way.</remarks>
    public static Tensor Dequantise(TensorView blocks, TensorView scales, ScalarType type, Device device)
    {
        var (experts, outputs, inputs) = (blocks.Spec.Shape[0], blocks.Spec.Shape[1], blocks.Spec.Shape[2] * 32);
        var all = empty([experts, inputs, outputs], type, device);
        using var values = tensor(Values, device: device);
        for (var expert = 0; expert < experts; expert++)
        {
            using var scope = NewDisposeScope();
            var codes = TensorBytes.Load(blocks.Rows(expert, 1), ScalarType.Int32, device).squeeze(0);
            var halves = stack([codes.bitwise_and(15), codes.bitwise_right_shift(4)], -1).flatten(-2);
            var numbers = values.index_select(0, halves.flatten()).view(halves.shape);
            var powers = (TensorBytes.Load(scales.Rows(expert, 1), ScalarType.Float32, device).squeeze(0) - 127).exp2();
            all.select(0, expert).copy_((numbers * powers.unsqueeze(-1)).flatten(-2).transpose(0, 1));
        }

        return all;
    }
}
