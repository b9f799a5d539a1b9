using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Checkpoints;

/// <summary>A Mixtral of one layer and two experts, its bytes counted up from 0, in one file or two shards.</summary>
internal static class SmallCheckpoint
{
    public const string Config = """
        {
          "model_type": "mixtral",
          "vocab_size": 4,
          "hidden_size": 2,
          "intermediate_size": 3,
          "num_hidden_layers": 1,
          "num_attention_heads": 1,
          "num_key_value_heads": 1,
          "num_local_experts": 2,
          "num_experts_per_tok": 1
        }

        """;

    public const string Router = "model.layers.0.block_sparse_moe.gate.weight";

    public const string Expert = "model.layers.0.block_sparse_moe.experts.1.w2.weight";

    public static readonly string[] ShardNames = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];

    public static TemporaryFolder InOneFile()
    {
        var folder = WithConfig();
        WriteWeights(folder["model.safetensors"], Tensors());
        return folder;
    }

    public static TemporaryFolder InTwoShards()
    {
        var folder = WithConfig();
        var tensors = Tensors();
        TensorSpec[][] shards = [tensors[..5], tensors[5..]];
        foreach (var (name, shard) in ShardNames.Zip(shards))
        {
            WriteWeights(folder[name], shard);
        }

        WriteIndex(folder, ShardNames.Zip(shards).SelectMany(pair => pair.Second.Select(tensor => (tensor.Name, pair.First))));
        return folder;
    }

    public static TemporaryFolder WithConfig()
    {
        var folder = new TemporaryFolder();
        folder.Write("config.json", Config);
        return folder;
    }

    public static void WriteIndex(TemporaryFolder folder, IEnumerable<(string Tensor, string Shard)> map) =>
        SeerJson.Write(folder[ShardIndex.FileName], new { weight_map = map.ToDictionary(entry => entry.Tensor, entry => entry.Shard) });

    public static void WriteWeights(string path, IReadOnlyList<TensorSpec> tensors)
    {
        using var writer = SafetensorsWriter.Create(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
        writer.Write([.. Enumerable.Range(0, (int)tensors.Sum(tensor => tensor.ByteCount)).Select(i => (byte)i)]);
        writer.Complete();
    }

    public static TensorSpec[] Tensors() =>
        [.. new MixtralArchitecture().Tensors(HfConfig.Parse(Config, "config.json")).Select(tensor => new TensorSpec(tensor.Name, DType.BFloat16, tensor.Shape))];
}
