namespace SeerMoe.Torch.Training;

/// <summary>The learning rate after the warm-up.</summary>
public enum LearningRateDecay
{
    Constant,

    /// <summary>Half a cosine down to a tenth of the peak at the last step.</summary>
    Cosine,

    /// <summary>A straight line down to a tenth of the peak at the last step.</summary>
    Linear,
}

/// <summary>
/// Linear warm-up, then constant, half a cosine or a straight line down to a tenth.
/// <code>
/// peak |    .-----_            cosine        |    .               linear
///      |   /       `-.                       |   /  `-._
/// 0.1  |  /           `-.__                  |  /       `-._
///      +-+----+------------+                 +-+----+------------+
///        0  WarmUp       Steps                 0  WarmUp       Steps
/// </code>
/// </summary>
public static class LearningRate
{
    private const double Floor = 0.1;

    /// <param name="step">Counted from 0.</param>
    /// <param name="options">Peak, warm-up and decay.</param>
    public static double Of(int step, TrainOptions options)
    {
        if (step < options.WarmUp)
        {
            return options.LearningRate * (step + 1) / options.WarmUp;
        }

        var share = (double)(step - options.WarmUp) / Math.Max(1, options.Steps - 1 - options.WarmUp);
        return options.LearningRate * (Floor + ((1 - Floor) * Left(share, options.Decay)));
    }

    private static double Left(double share, LearningRateDecay decay) => decay switch
    {
        LearningRateDecay.Cosine => 0.5 * (1 + Math.Cos(Math.PI * share)),
        LearningRateDecay.Linear => 1 - share,
        _ => 1,
    };
}
