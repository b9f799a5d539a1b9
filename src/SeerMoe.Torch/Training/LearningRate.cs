namespace SeerMoe.Torch.Training;

/// <summary>
/// Linear warm-up, then constant or half a cosine down to a tenth.
/// <code>
/// peak |    .-----_            cosine
///      |   /       `-.
/// 0.1  |  /           `-.__
///      +-+----+------------+
///        0  WarmUp       Steps
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

        if (options.Decay == LearningRateDecay.Constant)
        {
            return options.LearningRate;
        }

        var share = (double)(step - options.WarmUp) / Math.Max(1, options.Steps - 1 - options.WarmUp);
        return options.LearningRate * (Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * share))));
    }
}
