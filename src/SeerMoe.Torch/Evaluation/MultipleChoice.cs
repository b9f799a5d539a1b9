using System.Text;
using SeerMoe.Tokenization;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Multiple choice as lm-evaluation-harness scores it: the sum of ln p over the tokens of " " + choice after the question.
/// <code>
/// whole = encode(context + " " + choice);  ctx = encode(context);  scored = whole[len(ctx):]
/// acc       argmax of ll                   acc_norm   argmax of ll / code points of the choice
/// acc_bytes argmax of ll / UTF-8 bytes     the first maximum wins
/// </code>
/// </summary>
public static class MultipleChoice
{
    /// <summary>One request a choice, question by question.</summary>
    /// <param name="maxLength">Longest input; longer ones lose tokens on the left.</param>
    public static IEnumerable<ScoreRequest> Requests(IEnumerable<Question> questions, ITokenizer tokenizer, int maxLength) =>
        questions.SelectMany(question => question.Choices.Select(choice => Request(question.Context, choice, tokenizer, maxLength)));

    /// <param name="questions">The questions, in the order of their requests.</param>
    /// <param name="scores">One a choice.</param>
    public static TaskResult Result(IReadOnlyList<Question> questions, IReadOnlyList<Score> scores)
    {
        var (right, rightNorm, rightBytes) = (new double[questions.Count], new double[questions.Count], new double[questions.Count]);
        var next = 0;
        for (var q = 0; q < questions.Count; q++)
        {
            var (choices, answer) = (questions[q].Choices, questions[q].Answer);
            double[] ll = [.. choices.Select(_ => scores[next++].LogLikelihood)];
            right[q] = IsRight(ll, choices, _ => 1, answer);
            rightNorm[q] = IsRight(ll, choices, choice => choice.EnumerateRunes().Count(), answer);
            rightBytes[q] = IsRight(ll, choices, Encoding.UTF8.GetByteCount, answer);
        }

        return new TaskResult
        {
            N = questions.Count,
            Acc = right.Average(),
            AccStderr = StandardError.OfMean(right),
            AccNorm = rightNorm.Average(),
            AccNormStderr = StandardError.OfMean(rightNorm),
            AccBytes = rightBytes.Average(),
            AccBytesStderr = StandardError.OfMean(rightBytes),
        };
    }

    private static ScoreRequest Request(string context, string choice, ITokenizer tokenizer, int maxLength)
    {
        // White space at the end of the context belongs to the continuation, where the tokenizer would put it.
        var trimmed = context.TrimEnd();
        var continuation = context[trimmed.Length..] + " " + choice;
        var whole = tokenizer.Encode(trimmed + continuation);
        var contextLength = trimmed.Length == 0 ? 0 : tokenizer.Encode(trimmed).Length;
        int[] ids = contextLength == 0 ? [Prefix(tokenizer), .. whole] : whole;
        var scored = whole.Length - contextLength;
        if (scored < 1 || scored > maxLength)
        {
            // At 0 the choice would win with a probability of 1.
            throw new InputException(
                $"The choice '{choice}' comes to {scored} tokens after its question; it must be 1 to {maxLength}.",
                $"question: {context}",
                "Widen the window, or check that the tokenizer does not merge a choice into its question.");
        }

        return ScoreRequest.Tail(ids[Math.Max(0, ids.Length - maxLength - 1)..], scored);
    }

    private static int Prefix(ITokenizer tokenizer) => tokenizer.Prefix
        ?? throw new InputException("A question is empty and the tokenizer has no token to begin with.", "tokenizer_config.json", "Give the question some text.");

    private static double IsRight(double[] ll, IReadOnlyList<string> choices, Func<string, int> length, int answer)
    {
        var best = 0;
        for (var i = 1; i < ll.Length; i++)
        {
            if (ll[i] / length(choices[i]) > ll[best] / length(choices[best]))
            {
                best = i;
            }
        }

        return best == answer ? 1 : 0;
    }
}
