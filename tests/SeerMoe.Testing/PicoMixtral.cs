using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;

namespace SeerMoe.Testing;

/// <summary>A Mixtral of a few kilobytes with seeded bytes for weights: for tests that move bytes and compute nothing.</summary>
public static class PicoMixtral
{
    /// <summary>Two layers of four experts, top-2.</summary>
    public const string Config = """
        {
          "model_type": "mixtral",
          "hidden_size": 8,
          "intermediate_size": 6,
          "num_hidden_layers": 2,
          "num_attention_heads": 2,
          "num_key_value_heads": 1,
          "num_local_experts": 4,
          "num_experts_per_tok": 2,
          "vocab_size": 16,
          "tie_word_embeddings": false
        }

        """;

    /// <summary>Writes config.json and model.safetensors into a new folder and returns its path.</summary>
    public static string Write(string folder, string config = Config, DType dtype = DType.BFloat16)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        var parsed = HfConfig.Parse(config, "config.json");
        ImmutableArray<TensorSpec> tensors = [.. new MixtralArchitecture().Tensors(parsed).Select(tensor => new TensorSpec(tensor.Name, dtype, tensor.Shape))];
        var random = new Random(17);
        using var writer = SafetensorsWriter.Create(Path.Combine(folder, "model.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        foreach (var tensor in tensors)
        {
            var bytes = new byte[tensor.ByteCount];
            random.NextBytes(bytes);
            writer.Write(bytes);
        }

        writer.Complete();
        return folder;
    }
}
