using System.Collections.Immutable;
using SeerMoe.Safetensors;

namespace SeerMoe.Checkpoints;

/// <summary>One file of a checkpoint's weights.</summary>
public sealed record CheckpointShard(string FileName, SafetensorsFile File);

/// <summary>A Hugging Face folder, open for reading: config, weights mapped into memory, and the files to carry along.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly Dictionary<string, TensorView> _tensors;

    private Checkpoint(string folder, HfConfig config, ImmutableArray<CheckpointShard> shards, Dictionary<string, TensorView> tensors)
    {
        (Folder, Config, Shards, _tensors) = (folder, config, shards, tensors);
        TensorNames = [.. tensors.Keys.Order(StringComparer.Ordinal)];
        SideFiles = Checkpoints.SideFiles.In(folder);
    }

    public string Folder { get; }

    public HfConfig Config { get; }

    /// <summary>The weight files, ordinal by name.</summary>
    public ImmutableArray<CheckpointShard> Shards { get; }

    /// <summary>Every tensor of every shard, ordinal.</summary>
    public IReadOnlyList<string> TensorNames { get; }

    /// <summary>Names of the tokenizer and generation files, which a changed checkpoint takes over byte for byte.</summary>
    public IReadOnlyList<string> SideFiles { get; }

    /// <exception cref="InputException">No folder, no config, no weights, or weights that are damaged or do not match their index.</exception>
    public static Checkpoint Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException("There is no such checkpoint folder.", folder, "Name the folder that holds config.json and the weights.");
        }

        var configPath = Path.Combine(folder, "config.json");
        if (!File.Exists(configPath))
        {
            throw new InputException("The folder has no config.json, so it is not a checkpoint.", folder, "Name the folder that holds config.json and the weights.");
        }

        var config = HfConfig.Read(configPath);
        var shards = WeightFiles.Open(folder);
        var tensors = shards.SelectMany(shard => shard.File.Header.Tensors, (shard, entry) => shard.File.Tensor(entry.Spec.Name));
        return new Checkpoint(folder, config, shards, tensors.ToDictionary(tensor => tensor.Spec.Name));
    }

    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>The view lives no longer than this checkpoint stays open.</summary>
    /// <exception cref="InputException">There is no such tensor.</exception>
    public TensorView Tensor(string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new InputException($"The checkpoint has no tensor '{name}'.", Folder, "Download it again, or check that config.json belongs to these weights.");

    public void Dispose()
    {
        foreach (var shard in Shards)
        {
            shard.File.Dispose();
        }
    }
}
