namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// The same questions answered by the base and by a model made from it. Questions that both get right, or both wrong, say nothing about
/// which is better; the others are coin tosses if neither is (McNemar's test, exact).
/// <code>
///                 this right   this wrong
/// base right      181          12            only_base_right 12
/// base wrong      5            2             only_this_right 5       p = 2 P(X &lt;= 5), X ~ Binomial(17, 1/2)   = 0.143
/// </code>
/// </summary>
/// <param name="N">Questions.</param>
/// <param name="Changed">Those to which the answers differ, right or wrong.</param>
/// <param name="OnlyBaseRight">Those that only the base gets right, by `acc`.</param>
/// <param name="OnlyThisRight">Those that only the model gets right.</param>
public sealed record PairedAnswers(int N, int Changed, int OnlyBaseRight, int OnlyThisRight)
{
    public double ChangedShare => (double)Changed / N;

    /// <summary>Two-sided: how likely a difference at least as large is where neither is better.</summary>
    public double PValue => Binomial.TwoSided(Math.Min(OnlyBaseRight, OnlyThisRight), OnlyBaseRight + OnlyThisRight);

    /// <summary>Subjects together.</summary>
    public static PairedAnswers Sum(IReadOnlyCollection<PairedAnswers> subjects) => new(
        subjects.Sum(subject => subject.N), subjects.Sum(subject => subject.Changed), subjects.Sum(subject => subject.OnlyBaseRight), subjects.Sum(subject => subject.OnlyThisRight));
}
