using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Evaluation;

/// <summary>Tokens of which some are predictions to be scored, each from all tokens before it.</summary>
/// <param name="Sequence">The tokens, length S.</param>
/// <param name="Scored">True where the token is scored; never at position 0. Length S.</param>
public sealed record ScoreRequest(TokenSequence Sequence, bool[] Scored)
{
    /// <summary>Leading tokens that all requests of a subject have in common (description and shots), none of them scored.</summary>
    public int SharedTokens { get; init; }

    /// <summary>The last <paramref name="count"/> tokens are scored.</summary>
    public static ScoreRequest Tail(int[] ids, int count)
    {
        var scored = new bool[ids.Length];
        Array.Fill(scored, value: true, ids.Length - count, count);
        return new ScoreRequest(new TokenSequence(ids), scored);
    }
}

/// <summary>The answer to a <see cref="ScoreRequest"/>.</summary>
/// <param name="LogLikelihood">Sum of ln p over the scored tokens, nats.</param>
/// <param name="Tokens">Number of scored tokens.</param>
/// <param name="IsGreedy">True when every scored token is the most likely one at its place.</param>
public sealed record Score(double LogLikelihood, int Tokens, bool IsGreedy)
{
    /// <summary>Sum over the scored tokens of KL(base || this) of the prediction that each is read off, nats; null where there is no base.</summary>
    public double? KlToBase { get; init; }
}
