using System.Buffers.Binary;
using System.Text.Json;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;

namespace SeerMoe.Benchmarks;

/// <summary>A Mixtral of any size with random weights in bfloat16, written front to back in no more memory than a block.</summary>
internal static class SyntheticCheckpoint
{
    // One block of numbers, written again and again from another place: no two matrices begin alike, and nobody looks at the answers.
    private const int BlockNumbers = 16 << 20;
    private const double Scale = 0.02;

    /// <summary>Hidden 2048, 8 experts of 4096: 424 MB a layer; 262 MB for embedding and head.</summary>
    public static string Config(int layers) =>
        $$"""
        {
          "model_type": "mixtral", "torch_dtype": "bfloat16", "vocab_size": 32000, "hidden_size": 2048, "intermediate_size": 4096,
          "num_hidden_layers": {{layers}}, "num_attention_heads": 16, "num_key_value_heads": 4, "num_local_experts": 8, "num_experts_per_tok": 2,
          "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "max_position_embeddings": 2048, "sliding_window": null, "tie_word_embeddings": false
        }

        """;

    /// <summary>As many layers as come nearest to so many bytes.</summary>
    public static int LayersIn(double bytes)
    {
        const double layer = 424e6;
        const double ends = 262e6;
        return Math.Max(1, (int)Math.Round((bytes - ends) / layer));
    }

    /// <returns>The folder.</returns>
    public static string Write(string folder, string config)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        List<TensorSpec> tensors = [.. WeightType.Tensors(HfConfig.Read(Path.Combine(folder, "config.json")))];
        var (random, one) = (Block(), BFloat16(1));
        using var writer = SafetensorsWriter.Create(Path.Combine(folder, "model.safetensors"), tensors);
        long offset = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Shape.Length == 1)
            {
                writer.Write(Enumerable.Repeat(one, (int)tensor.ElementCount).SelectMany(bytes => bytes).ToArray());
                continue;
            }

            for (long left = tensor.ByteCount, length; left > 0; left -= length)
            {
                length = Math.Min(left, random.Length - (offset % random.Length));
                writer.Write(random.AsSpan((int)(offset % random.Length), (int)length));
                offset += length;
            }

            offset += 2 * 7919; // a prime number of elements: the next matrix begins elsewhere
        }

        writer.Complete();
        return folder;
    }

    /// <summary>Sequences of token ids below 1,000, one a line.</summary>
    public static string WriteTokens(string path, int sequences, int length)
    {
        var random = new SplitMix64(7);
        File.WriteAllLines(path, Enumerable.Range(0, sequences).Select(_ =>
            JsonSerializer.Serialize(new { input_ids = Enumerable.Range(0, length).Select(_ => (int)(random.NextDouble() * 1000)).ToArray() })));
        return path;
    }

    // Uniform numbers of the wanted standard deviation.
    private static byte[] Block()
    {
        var random = new SplitMix64(1);
        var block = new byte[BlockNumbers * 2];
        for (var i = 0; i < BlockNumbers; i++)
        {
            BFloat16((float)((random.NextDouble() - 0.5) * Math.Sqrt(12) * Scale)).CopyTo(block.AsSpan(2 * i));
        }

        return block;
    }

    // The upper half of a float32.
    private static byte[] BFloat16(float number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16));
        return bytes;
    }
}
