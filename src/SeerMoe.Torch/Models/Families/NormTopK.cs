using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models.Families;

/// <summary>`norm_topk_prob`: whether the chosen probabilities are divided by their sum. Where they are not, they grow when experts go.</summary>
internal static class NormTopK
{
    public static IGateRule Gates(HfConfig config, bool fallback) =>
        config.Flag("norm_topk_prob", fallback) ? new RenormalisedGates() : new ScoreGates();
}
