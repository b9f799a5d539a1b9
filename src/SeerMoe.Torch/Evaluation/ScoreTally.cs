namespace SeerMoe.Torch.Evaluation;

/// <summary>Sums up the scored tokens of each request as they come.</summary>
internal sealed class ScoreTally
{
    private readonly double[] _sums;
    private readonly int[] _counts;
    private readonly int[] _wanted;
    private readonly bool[] _greedy;

    public ScoreTally(IReadOnlyList<ScoreRequest> requests)
    {
        (_sums, _counts, _greedy) = (new double[requests.Count], new int[requests.Count], new bool[requests.Count]);
        _wanted = [.. requests.Select(request => request.Scored.Count(scored => scored))];
        Array.Fill(_greedy, value: true);
    }

    /// <summary>Requests all of whose tokens are in.</summary>
    public int Done { get; private set; }

    public IReadOnlyList<Score> Scores => [.. _sums.Select((sum, i) => new Score(sum, _counts[i], _greedy[i]))];

    /// <param name="logLikelihood">ln p of one scored token, nats.</param>
    /// <param name="isBest">Whether it is the most likely one at its place.</param>
    public void Add(int request, double logLikelihood, bool isBest)
    {
        _sums[request] += logLikelihood;
        _greedy[request] &= isBest;
        Done += ++_counts[request] == _wanted[request] ? 1 : 0;
    }
}
