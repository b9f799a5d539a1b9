using System.Runtime.InteropServices;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;

namespace SeerMoe.Testing;

/// <summary>A seeded Mixtral checkpoint of a few kilobytes, for tests that need one and no reference results.</summary>
public static class PicoCheckpoint
{
    /// <summary>Hidden 16, 2 layers, 4 experts, top-2, 4 heads over 2 key/value heads, byte vocabulary of 258, tied embeddings where asked.</summary>
    public static string ConfigText(bool tied = false, int? slidingWindow = null) =>
        $$"""
        {
          "model_type": "mixtral",
          "vocab_size": 258,
          "hidden_size": 16,
          "intermediate_size": 24,
          "num_hidden_layers": 2,
          "num_attention_heads": 4,
          "num_key_value_heads": 2,
          "num_local_experts": 4,
          "num_experts_per_tok": 2,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "max_position_embeddings": 128,
          "sliding_window": {{(slidingWindow is { } window ? window : "null")}},
          "tie_word_embeddings": {{(tied ? "true" : "false")}},
          "bos_token_id": 256,
          "eos_token_id": 256
        }

        """;

    /// <summary>Writes config.json, the tokenizer of the tiny example model, and float32 weights of standard deviation 0.2; norms are 1.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, long seed = 1, string? config = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config ?? ConfigText());
        foreach (var name in (string[])["tokenizer.json", "tokenizer_config.json"])
        {
            File.Copy(Repository.Path("examples", "tiny-moe", name), Path.Combine(folder, name));
        }

        var parsed = HfConfig.Read(Path.Combine(folder, "config.json"));
        TensorSpec[] tensors = [.. ArchitectureCatalog.For(parsed).Tensors(parsed).Select(tensor => new TensorSpec(tensor.Name, DType.Float32, tensor.Shape))];
        var random = new SplitMix64(seed);
        using var writer = SafetensorsWriter.Create(Path.Combine(folder, "model.safetensors"), tensors);
        foreach (var tensor in tensors)
        {
            var values = new float[tensor.ElementCount];
            for (var i = 0; i < values.Length; i++)
            {
                // uniform of the wanted standard deviation: width sqrt(12) x 0.2
                values[i] = tensor.Shape.Length == 1 ? 1 : (float)((random.NextDouble() - 0.5) * 0.2 * Math.Sqrt(12));
            }

            writer.Write(MemoryMarshal.AsBytes<float>(values));
        }

        writer.Complete();
        return folder;
    }
}
