using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>How weights are stored where they are not plain floating-point numbers: `quantization_config`.</summary>
public enum Quantized
{
    /// <summary>Plain numbers.</summary>
    No,

    /// <summary>4-bit numbers in blocks of 32 with one power of two a block (OCP Microscaling).</summary>
    Mxfp4,

    /// <summary>8-bit numbers (e4m3) with one float32 scale a square block: `weight_scale_inv`.</summary>
    Fp8,
}

/// <summary>Reads `quantization_config`.</summary>
public static class Quantization
{
    /// <exception cref="InputException">A method whose weights can't be read here.</exception>
    public static Quantized Of(HfConfig config) => config.Section("quantization_config")?.Text("quant_method", "") switch
    {
        null => Quantized.No,
        "mxfp4" => Quantized.Mxfp4,
        "fp8" when config.Section("quantization_config")!.Has("weight_block_size") => Quantized.Fp8,
        "fp8" => throw new InputException("The weights are fp8 with one scale a tensor (no weight_block_size), which is not known here.", config.Path, "Use the model's unquantised checkpoint, or one in fp8 blocks."),
        var other => throw new InputException($"Weights quantised by '{other}' are not known here.", config.Path, "Known: mxfp4, fp8. Use the model's unquantised checkpoint."),
    };
}
