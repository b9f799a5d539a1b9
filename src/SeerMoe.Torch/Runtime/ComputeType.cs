using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>The element type of weights and activations, as the user wrote it: float32, bfloat16, float16 or auto.</summary>
public sealed record ComputeType
{
    public static readonly ComputeType Float32 = new("float32");
    public static readonly ComputeType BFloat16 = new("bfloat16");
    public static readonly ComputeType Float16 = new("float16");
    public static readonly ComputeType Auto = new("auto");

    private ComputeType(string name) => Name = name;

    /// <summary>"float32", "bfloat16", "float16" or "auto".</summary>
    public string Name { get; }

    /// <summary>Reads the value of --dtype.</summary>
    /// <exception cref="InputException">It is none of the four.</exception>
    public static ComputeType Parse(string text) =>
        Array.Find([Float32, BFloat16, Float16, Auto], type => type.Name == text)
        ?? throw new InputException($"'{text}' is no element type to compute in.", "--dtype", "Use float32, bfloat16, float16 or auto.");

    /// <summary>The type that this means on a device; auto is float32, whatever the checkpoint is stored in.</summary>
    /// <exception cref="InputException">float16 on the CPU: there it runs at about 60 GFLOP/s whatever the shape, bfloat16 at up to 784.</exception>
    public ComputeType Resolve(ComputeDevice device)
    {
        if (this == Float16 && device.Class == ComputeDevice.Cpu.Name)
        {
            throw new InputException(
                "float16 is not computed on the CPU: libtorch has no fast path for it there (about 60 GFLOP/s where bfloat16 reaches 784).",
                "--dtype float16",
                "Use bfloat16 or float32; a float16 checkpoint is converted when it is loaded.");
        }

        return this == Auto ? Float32 : this;
    }

    /// <summary>TorchSharp's name for what this means on a device.</summary>
    public ScalarType ToTorch(ComputeDevice device) => Resolve(device).Name switch
    {
        "float32" => ScalarType.Float32,
        "float16" => ScalarType.Float16,
        _ => ScalarType.BFloat16,
    };
}
