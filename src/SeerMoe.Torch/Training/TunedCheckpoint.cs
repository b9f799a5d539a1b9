using System.Text.Json.Nodes;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Models.Families;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Training;

/// <summary>Writes a tuned model in the layout of the checkpoint that it came from: same shards, names, order and dtypes.</summary>
public static class TunedCheckpoint
{
    /// <param name="source">Where the model came from.</param>
    /// <param name="model">Its weights and the routing rule that inference must use.</param>
    /// <param name="trained">What the weights have become.</param>
    /// <param name="outputFolder">A new folder.</param>
    /// <param name="digests">Told the digest of every shard; null for none.</param>
    /// <param name="card">The text of its README.md, of a folder that holds the config; null for none.</param>
    public static void Save(Checkpoint source, MoeTransformer model, TrainableSet trained, string outputFolder, DigestCache? digests = null, Func<string, string>? card = null)
    {
        using var output = NewFolder.Create(outputFolder);
        var weights = model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value, StringComparer.Ordinal);
        if (!weights.ContainsKey("lm_head.weight"))
        {
            // A head that is stored although it is tied must not fall behind.
            weights["lm_head.weight"] = weights["model.embed_tokens.weight"];
        }

        foreach (var shard in source.Shards)
        {
            var header = shard.File.Header;
            using var writer = SafetensorsWriter.Create(output.PathOf(shard.FileName), [.. header.Tensors.Select(entry => entry.Spec)], header.Metadata, digests);
            foreach (var entry in header.Tensors)
            {
                if (weights.TryGetValue(entry.Spec.Name, out var weight))
                {
                    using var value = trained.ValueOf(weight);
                    TensorBytes.Write(value, entry.Spec.DType, writer);
                }
                else
                {
                    CopyUntouched(shard.File.Tensor(entry.Spec.Name), writer);
                }
            }

            writer.Complete();
        }

        AtomicFile.WriteText(output.PathOf("config.json"), source.Config.Patched(Changes(source.Config, model)));

        // Names and shards stay, so the index does too.
        foreach (var name in source.SideFiles.Concat(File.Exists(Path.Combine(source.Folder, ShardIndex.FileName)) ? [ShardIndex.FileName] : Array.Empty<string>()))
        {
            File.Copy(Path.Combine(source.Folder, name), output.PathOf(name));
        }

        if (card is not null)
        {
            AtomicFile.WriteText(output.PathOf(ModelCard.FileName), card(output.Path));
        }

        output.Complete();
    }

    // A tensor that the forward pass does not use: old exports carry some.
    private static void CopyUntouched(TensorView view, SafetensorsWriter writer)
    {
        const int chunk = 1 << 24;
        for (long start = 0; start < view.ByteCount; start += chunk)
        {
            writer.Write(view.Slice(start, (int)Math.Min(chunk, view.ByteCount - start)));
        }
    }

    // The config tells what inference must do: the K that the annealing reached, and the gate where the family has no key for it.
    private static List<(string Key, JsonNode Value)> Changes(HfConfig config, MoeTransformer model)
    {
        var rule = model.Routing;
        var architecture = ArchitectureCatalog.For(config);
        var changes = new List<(string, JsonNode)>();
        if (rule.TopK != config.PositiveOf(architecture.TopKKeys))
        {
            changes.AddRange(architecture.TopKKeys.Where(config.Has).Select(key => (key, (JsonNode)rule.TopK)));
        }

        // A straight-through gate is 1 forward, as a renormalised one is.
        var gate = rule.GateAtTop1 == GateAtTop1.Probability ? GateAtTop1.Probability : GateAtTop1.Renormalised;
        if (rule.TopK == 1 && model.Family.IsGateConstantAtTop1 && gate != SavedGate.Of(config))
        {
            changes.Add(("seer", SavedGate.Written(config, gate)));
        }

        return changes;
    }
}
