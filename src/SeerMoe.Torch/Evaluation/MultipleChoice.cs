using System.Text;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Multiple choice as lm-evaluation-harness judges it.
/// <code>
/// acc         argmax of ll                   acc_norm    argmax of ll / code points of the choice
/// acc_bytes   argmax of ll / UTF-8 bytes     exact_match every token of the right choice is the likeliest
/// the first maximum wins
/// </code>
/// </summary>
public static class MultipleChoice
{
    /// <param name="scores">One an option.</param>
    public static Judgement Judge(Question question, ReadOnlySpan<Score> scores)
    {
        double[] ll = new double[scores.Length];
        for (var i = 0; i < ll.Length; i++)
        {
            ll[i] = scores[i].LogLikelihood;
        }

        return new Judgement(
            IsRight(_ => 1),
            IsRight(choice => choice.EnumerateRunes().Count()),
            IsRight(Encoding.UTF8.GetByteCount),
            scores[question.Answer].IsGreedy ? 1 : 0,
            ll[question.Answer])
        {
            Chosen = Best(ll, question, _ => 1),
        };

        double IsRight(Func<string, int> length) => Best(ll, question, length) == question.Answer ? 1 : 0;
    }

    private static int Best(double[] ll, Question question, Func<string, int> length)
    {
        var best = 0;
        for (var i = 1; i < ll.Length; i++)
        {
            if (ll[i] / length(question.Options[i].Choice) > ll[best] / length(question.Options[best].Choice))
            {
                best = i;
            }
        }

        return best;
    }
}

/// <summary>How a question came out: 1 where right, else 0.</summary>
/// <param name="LogLikelihood">Of the right option, nats.</param>
public readonly record struct Judgement(double Acc, double AccNorm, double AccBytes, double ExactMatch, double LogLikelihood)
{
    /// <summary>Index of the likeliest option.</summary>
    public int Chosen { get; init; }
}
