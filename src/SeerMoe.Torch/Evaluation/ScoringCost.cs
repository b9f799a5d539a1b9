namespace SeerMoe.Torch.Evaluation;

/// <summary>What requests cost, known before any of them is scored.</summary>
/// <param name="Asked">Tokens, had each request been a forward of its own.</param>
/// <param name="Forwarded">Tokens that a <see cref="ScoredModel"/> sends through the model.</param>
public sealed record ScoringCost(long Asked, long Forwarded)
{
    /// <param name="requests">Scored in one go.</param>
    /// <param name="worthwhile">Tokens that a common beginning must save.</param>
    public static ScoringCost Of(IReadOnlyList<ScoreRequest> requests, int worthwhile = ScoredModel.WorthwhileTokens) => new(
        requests.Sum(request => (long)request.Sequence.RealTokens - 1),
        PrefixGroup.Of(ScoringRow.Of(requests), worthwhile).Sum(group => group.Length + group.Rows.Sum(row => (long)row.Input.RealTokens - group.Length)));
}
