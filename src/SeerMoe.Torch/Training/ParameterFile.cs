using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>Trained parameters alone, float32, by name: the best so far, or an adapter.</summary>
internal static class ParameterFile
{
    /// <param name="prefix">Before every name.</param>
    public static void Save(string path, TrainableSet trained, string prefix = "")
    {
        using var writer = SafetensorsWriter.Create(
            path,
            [.. trained.Parameters.Select(parameter => new TensorSpec(prefix + parameter.Key, DType.Float32, [.. parameter.Value.shape]))],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        foreach (var (_, value) in trained.Parameters)
        {
            TensorBytes.Write(value, DType.Float32, writer);
        }

        writer.Complete();
    }

    public static void Load(string path, TrainableSet trained)
    {
        using var file = SafetensorsFile.Open(path);
        using var noGraph = no_grad();
        foreach (var (name, value) in trained.Parameters)
        {
            using var saved = TensorBytes.Load(file.Tensor(name), ScalarType.Float32, value.device);
            value.copy_(saved);
        }

        trained.Publish();
    }
}
