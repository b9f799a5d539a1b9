namespace SeerMoe.Torch.Training;

/// <summary>How lambda, the weight of the router entropy, changes over a training.</summary>
public enum EntropySchedule
{
    Constant,

    /// <summary>From 0 at the first step to the whole weight at the last.</summary>
    Rising,

    /// <summary>From the whole weight at the first step to 0 at the last.</summary>
    Falling,
}

/// <summary>Lambda of one step: constant as in SEER-MoE (arXiv 2404.05089), or a straight line.</summary>
public static class EntropyWeight
{
    /// <param name="step">Counted from 0.</param>
    /// <param name="options">Weight, schedule and number of steps.</param>
    public static double Of(int step, TrainOptions options)
    {
        var done = (double)step / Math.Max(1, options.Steps - 1);
        return options.EntropySchedule switch
        {
            EntropySchedule.Rising => options.EntropyWeight * done,
            EntropySchedule.Falling => options.EntropyWeight * (1 - done),
            _ => options.EntropyWeight,
        };
    }
}
