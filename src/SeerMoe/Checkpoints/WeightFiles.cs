using System.Collections.Immutable;
using SeerMoe.Safetensors;

namespace SeerMoe.Checkpoints;

/// <summary>Finds and opens the weights of a folder: the shards of its index, or the one model.safetensors.</summary>
internal static class WeightFiles
{
    private const string SingleName = "model.safetensors";

    private static readonly string[] ForeignWeights = ["*.bin", "*.pt", "*.pth", "*.ckpt", "*.gguf", "*.h5", "*.msgpack"];

    public static ImmutableArray<CheckpointShard> Open(string folder)
    {
        var indexPath = Path.Combine(folder, ShardIndex.FileName);
        var hasSingle = File.Exists(Path.Combine(folder, SingleName));
        if (!File.Exists(indexPath))
        {
            return hasSingle ? OpenAll(folder, [SingleName]) : throw NoWeights(folder);
        }

        var index = ShardIndex.Read(indexPath);
        if (hasSingle && !index.ShardNames.Contains(SingleName))
        {
            // Some runtimes would take the one, some the other.
            throw new InputException($"The folder has {SingleName} and {ShardIndex.FileName}, which does not name it.", folder, "Remove the one that does not belong to the model.");
        }

        var shards = OpenAll(folder, [.. index.ShardNames]);
        try
        {
            Check(index, shards);
            return shards;
        }
        catch
        {
            Close(shards);
            throw;
        }
    }

    private static ImmutableArray<CheckpointShard> OpenAll(string folder, ImmutableArray<string> names)
    {
        var shards = ImmutableArray.CreateBuilder<CheckpointShard>(names.Length);
        try
        {
            foreach (var name in names)
            {
                var path = Path.Combine(folder, name);
                shards.Add(File.Exists(path)
                    ? new CheckpointShard(name, SafetensorsFile.Open(path))
                    : throw new InputException($"The shard {name} is absent, which {ShardIndex.FileName} names.", folder, "Download it."));
            }

            return shards.MoveToImmutable();
        }
        catch
        {
            Close(shards);
            throw;
        }
    }

    private static void Check(ShardIndex index, ImmutableArray<CheckpointShard> shards)
    {
        foreach (var shard in shards)
        {
            foreach (var tensor in shard.File.Header.Tensors)
            {
                var mapped = index.WeightMap.GetValueOrDefault(tensor.Spec.Name);
                if (mapped != shard.FileName)
                {
                    throw new InputException(
                        $"The shard {shard.FileName} has the tensor {Damage.Quoted(tensor.Spec.Name)}, which the index {(mapped is null ? "does not name" : $"maps to {mapped}")}.",
                        index.Path,
                        "Index and shards are not of one download: download both again.");
                }
            }
        }

        var files = shards.ToDictionary(shard => shard.FileName, shard => shard.File);
        foreach (var (tensor, shard) in index.WeightMap)
        {
            if (!files[shard].TryTensor(tensor, out _))
            {
                throw new InputException(
                    $"The shard {shard} lacks the tensor {Damage.Quoted(tensor)}, which the index maps to it.",
                    index.Path,
                    "Index and shards are not of one download: download both again.");
            }
        }
    }

    private static InputException NoWeights(string folder)
    {
        var foreign = ForeignWeights.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign is not null)
        {
            return new InputException($"The folder has no safetensors weights, only {foreign}, which is never read here: a pickle can run code.", folder, "Convert the checkpoint to safetensors.");
        }

        return Directory.EnumerateFiles(folder, "*.safetensors").Any()
            ? new InputException($"The folder has shards, but no {ShardIndex.FileName} that names them.", folder, "Download the index.")
            : new InputException($"The folder has no weights: neither {SingleName} nor {ShardIndex.FileName}.", folder, "Download them.");
    }

    private static void Close(IEnumerable<CheckpointShard> shards)
    {
        foreach (var shard in shards)
        {
            shard.File.Dispose();
        }
    }
}
