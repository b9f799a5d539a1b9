namespace SeerMoe.Torch.Training;

/// <summary>One line of training.jsonl: what was measured before the update of this step.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Loss">Task loss + entropy weight x entropy (+ balance weight x balance loss), nats.</param>
/// <param name="TaskLoss">Cross entropy of the next token, or divergence from the teacher, nats a token.</param>
/// <param name="Entropy">Router entropy, nats, mean over tokens and MoE layers.</param>
/// <param name="TopK">Experts a token was sent to.</param>
/// <param name="LearningRate">Of this step's update.</param>
/// <param name="GradientNorm">L2 norm over all trained tensors, before clipping.</param>
/// <param name="Tokens">Real tokens of the step.</param>
/// <param name="BalanceLoss">Load-balancing loss; null when it is off.</param>
public sealed record TrainingStep(
    int Step, double Loss, double TaskLoss, double Entropy, int TopK, double LearningRate, double GradientNorm, long Tokens, double? BalanceLoss = null)
{
    /// <summary>What the balance loss was multiplied by; null when it is off.</summary>
    public double? BalanceWeight { get; init; }

    /// <summary>What the entropy was multiplied by; null where that is the same in every step.</summary>
    public double? EntropyWeight { get; init; }

    /// <summary>The entropy of each MoE layer, nats, mean over tokens; null in logs that were written before it was told.</summary>
    public IReadOnlyList<double>? LayerEntropy { get; init; }

    /// <summary>How far the last of the <see cref="TopK"/> experts has gone (ramp); null for not at all.</summary>
    public double? Fade { get; init; }
}
