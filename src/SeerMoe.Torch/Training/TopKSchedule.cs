namespace SeerMoe.Torch.Training;

/// <summary>How an expert too many goes.</summary>
public enum Annealing
{
    /// <summary>All at once.</summary>
    Step,

    /// <summary>One expert at a time, evenly spaced; from 2 to 1 the same as <see cref="Step"/>.</summary>
    Linear,

    /// <summary>One expert at a time, each fading out before it goes.</summary>
    Ramp,
}

/// <summary>
/// Top-K annealing (SEER-MoE, arXiv 2404.05089; the paper does not state its schedule). From 4 to 2:
/// <code>
/// step     4 |■■■■■■■■■■■■■                 linear   4 |■■■■■■                 ramp   4 |■■■■▓▒
///          3 |■■■■■■■■■■■■■                          3 |■■■■■■■■■■■■■                 3 |■■■■■■■■■■■▓▒
///          2 |■■■■■■■■■■■■■■■■■■■■■■■■■■             2 |■■■■■■■■■■■■■■■■■■           2 |■■■■■■■■■■■■■■■■■■
///            0            At           1                0            At    1             0            At    1
/// </code>
/// Each of the n = From - To experts that go has an n-th of the steps before At. With <c>ramp</c> its weight is multiplied by 1 - t,
/// t rising from 0 to 1 over its share, so its gradients stay alive until it goes.
/// </summary>
/// <param name="From">K of the first step.</param>
/// <param name="To">K of the last step, at most <paramref name="From"/>.</param>
/// <param name="At">The share of all steps, 0 to 1, after which <paramref name="To"/> holds; the last step is at <paramref name="To"/> whatever it says.</param>
/// <param name="Schedule">How it gets there.</param>
public sealed record TopKSchedule(int From, int To, double At = 0.5, Annealing Schedule = Annealing.Step)
{
    /// <summary>K of step <paramref name="step"/>, counted from 0.</summary>
    public int KOf(int step, int steps)
    {
        if (step >= At * steps || step >= steps - 1)
        {
            return To;
        }

        return Schedule == Annealing.Step ? From : From - (int)Gone(step, steps);
    }

    /// <summary>t of step <paramref name="step"/>: by how much the last of the K experts has faded, 0 (not at all) up to 1, which is never reached.</summary>
    public double FadeOf(int step, int steps) =>
        Schedule == Annealing.Ramp && KOf(step, steps) > To ? Gone(step, steps) % 1 : 0;

    // Experts that are gone before At, as a real number: 1.25 is one, and a quarter of the next.
    private double Gone(int step, int steps) => (From - To) * step / (At * steps);
}
