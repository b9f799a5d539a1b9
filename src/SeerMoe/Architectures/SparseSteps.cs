using SeerMoe.Checkpoints;

namespace SeerMoe.Architectures;

/// <summary>
/// Which layers of a Qwen model have experts: those that `mlp_only_layers` does not name and whose number, counted from 1,
/// `decoder_sparse_step` divides.
/// <code>
/// decoder_sparse_step 2      layer 0 dense   1 experts   2 dense   3 experts
/// </code>
/// </summary>
internal static class SparseSteps
{
    public static Func<int, bool> Of(HfConfig config)
    {
        var step = config.Positive("decoder_sparse_step", 1);
        var dense = config.Has("mlp_only_layers") ? config.Integers("mlp_only_layers") : [];
        return layer => !dense.Contains(layer) && (layer + 1) % step == 0;
    }
}
