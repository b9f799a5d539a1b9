using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch;

/// <summary>A checkpoint of random weights, to train from: matrices normal(0, initializer_range), norms 1, biases 0.</summary>
public static class Initializing
{
    /// <param name="configPath">A config.json; tokenizer files beside it are copied along.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    /// <param name="outputFolder">A new folder.</param>
    /// <exception cref="OperationCanceledException">Interrupted between two tensors; nothing is left behind.</exception>
    public static void Initialize(string configPath, long seed, string outputFolder, CancellationToken interrupted = default)
    {
        var config = HfConfig.Read(configPath);
        if (Quantization.Of(config) != Quantized.No)
        {
            throw new InputException("Quantised weights can't be initialised.", config.Path, "Take quantization_config out of the config.");
        }

        var dtype = WeightType.Of(config);
        ImmutableArray<TensorSpec> tensors = [.. ArchitectureCatalog.For(config).Tensors(config).Select(tensor => new TensorSpec(tensor.Name, tensor.DType ?? dtype, tensor.Shape))];

        using var output = NewFolder.Create(outputFolder);
        using var generator = new Generator((ulong)seed);
        using (var writer = SafetensorsWriter.Create(output.PathOf("model.safetensors"), tensors, new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" }))
        {
            foreach (var tensor in tensors)
            {
                interrupted.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                TensorBytes.Write(Weight(tensor, config.Number("initializer_range", 0.02), generator), tensor.DType, writer);
            }

            writer.Complete();
        }

        var source = Path.GetDirectoryName(Path.GetFullPath(configPath))!;
        foreach (var name in SideFiles.In(source).Prepend("config.json"))
        {
            File.Copy(name == "config.json" ? configPath : Path.Combine(source, name), output.PathOf(name));
        }

        output.Complete();
    }

    // A bias may have two dimensions: one row, or one row an expert.
    private static Tensor Weight(TensorSpec tensor, double range, Generator generator)
    {
        if (tensor.Name.EndsWith("bias", StringComparison.Ordinal))
        {
            return zeros([.. tensor.Shape]);
        }

        return tensor.Shape.Length > 1 ? randn([.. tensor.Shape], ScalarType.Float32, generator: generator) * range : ones([.. tensor.Shape]);
    }
}
