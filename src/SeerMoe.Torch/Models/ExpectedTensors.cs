using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;

namespace SeerMoe.Torch.Models;

/// <summary>The tensors that a config calls for, by name, held against those that are there.</summary>
internal static class ExpectedTensors
{
    /// <exception cref="InputException">A tensor is there that no part of the model would take: its numbers would be left out in silence.</exception>
    public static IReadOnlyDictionary<string, TensorShape> Of(Checkpoint checkpoint)
    {
        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        var shape = architecture.Shape(checkpoint.Config);
        Quantization.Of(checkpoint.Config);
        ExpertChecks.RefuseUnknownLayout(checkpoint, architecture);
        var expected = architecture.Tensors(checkpoint.Config).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var name in checkpoint.TensorNames)
        {
            if (!expected.ContainsKey(name) && !IsSpare(name) && !architecture.IsUnused(name) && !shape.IsNextTokenLayer(architecture.RoleOf(name).Layer))
            {
                throw new InputException(
                    $"'{name}' is in the checkpoint, but a {architecture.ModelType} with this config.json has no such tensor.",
                    checkpoint.Folder,
                    "Config and weights must be of one checkpoint: download both again, or correct the key of config.json that switches this tensor on.");
            }
        }

        return expected;
    }

    /// <summary>Left over from old exports, a head that is tied all the same, or the scales of an 8-bit weight.</summary>
    private static bool IsSpare(string name) =>
        name == "lm_head.weight" || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) || name.EndsWith("_scale_inv", StringComparison.Ordinal);
}
