using SeerMoe.Checkpoints;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>How a training run went.</summary>
/// <param name="FirstLoss">Loss of the first step, nats.</param>
/// <param name="LastLoss">Loss of the last step, nats.</param>
/// <param name="TopK">K that inference must use from now on.</param>
/// <param name="NeedsSeerGate">True when the tuned gate at top-1 can't be said in the family's own config, so stock runtimes multiply by 1 instead.</param>
public sealed record TrainOutcome(double FirstLoss, double LastLoss, int TopK, bool NeedsSeerGate)
{
    /// <summary>Held-out loss before and after; null where there was no held-out data.</summary>
    public Acceptance? HeldOut { get; init; }

    /// <summary>Steps made, where the training stopped early; else null.</summary>
    public int? StoppedAt { get; init; }

    /// <summary>Of a training that is done.</summary>
    /// <param name="folder">Holds its log.</param>
    /// <param name="config">Of the checkpoint that it left.</param>
    /// <param name="options">That it was done with.</param>
    public static TrainOutcome Of(string folder, HfConfig config, TrainOptions options)
    {
        var steps = TrainingLog.Read(folder).ToList();
        var family = ModelFamilies.For(config);
        var rule = family.Basics.Routing;
        var needsSeerGate = rule is { TopK: 1, GateAtTop1: GateAtTop1.Probability } && family.IsGateConstantAtTop1;
        return new TrainOutcome(steps[0].Loss, steps[^1].Loss, rule.TopK, needsSeerGate)
        {
            HeldOut = Acceptance.Read(folder),
            StoppedAt = steps.Count < options.Steps ? steps.Count : null,
        };
    }
}
