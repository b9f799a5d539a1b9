namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Every token of a document scored exactly once, in windows of at most L inputs (lm-evaluation-harness' rolling windows).
/// <code>
/// tokens a b c d e f g, prefix ^, L = 3       input      scored
///   the first window begins with the prefix   ^ a b      a b c
///   later ones with one token of context      c d e      d e f
///   the last looks back as far as it can      d e f            g
/// </code>
/// </summary>
public static class RollingWindows
{
    /// <param name="tokens">The document.</param>
    /// <param name="prefix">Stands before its first token and is not scored.</param>
    /// <param name="length">L, inputs a window at most.</param>
    public static IEnumerable<ScoreRequest> Of(int[] tokens, int prefix, int length)
    {
        if (tokens.Length == 0)
        {
            yield break;
        }

        var scored = Math.Min(length, tokens.Length);
        yield return ScoreRequest.Tail([prefix, .. tokens[..scored]], scored);
        while (scored < tokens.Length)
        {
            var more = Math.Min(tokens.Length - scored, length);
            var end = scored + more;
            yield return ScoreRequest.Tail(tokens[Math.Max(0, end - length - 1)..end], more);
            scored = end;
        }
    }
}
