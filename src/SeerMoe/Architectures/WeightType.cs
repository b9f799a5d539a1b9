using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;

namespace SeerMoe.Architectures;

/// <summary>The element type that a config states for its weights: `dtype`, or `torch_dtype` before transformers 5.</summary>
public static class WeightType
{
    /// <exception cref="InputException">A type that weights are not stored in.</exception>
    public static DType Of(HfConfig config) => config.Text("dtype", config.Text("torch_dtype", "float32")) switch
    {
        "float32" => DType.Float32,
        "bfloat16" => DType.BFloat16,
        "float16" => DType.Float16,
        var other => throw new InputException($"dtype '{other}' is not one that weights are stored in.", config.Path, "float32, bfloat16 or float16."),
    };

    /// <summary>Every tensor that a checkpoint of this config has, with the type it is stored in; 8-bit weights (fp8) count as 16-bit ones, since
    /// the config does not say which of them are.</summary>
    public static IEnumerable<TensorSpec> Tensors(HfConfig config)
    {
        var dtype = Of(config);
        return ArchitectureCatalog.For(config).Tensors(config).Select(tensor => new TensorSpec(tensor.Name, tensor.DType ?? dtype, tensor.Shape));
    }
}
