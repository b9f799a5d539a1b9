namespace SeerMoe.Torch.Training;

/// <summary>
/// Top-K annealing, `step`: a hard switch at a fraction of training (the paper does not state its step).
/// <code>
/// K 2 |■■■■■■■■■■■■■.............
///   1 |             ■■■■■■■■■■■■■
///      0           At           1   share of the steps done
/// </code>
/// </summary>
/// <param name="From">K of the first step.</param>
/// <param name="To">K of the last step, at most <paramref name="From"/>.</param>
/// <param name="At">The share of all steps, 0 to 1, after which <paramref name="To"/> holds; the last step is at <paramref name="To"/> whatever it says.</param>
public sealed record TopKSchedule(int From, int To, double At = 0.5)
{
    /// <summary>K of step <paramref name="step"/>, counted from 0.</summary>
    public int KOf(int step, int steps) => step < At * steps && step < steps - 1 ? From : To;
}
