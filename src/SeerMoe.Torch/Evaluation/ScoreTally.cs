namespace SeerMoe.Torch.Evaluation;

/// <summary>Sums up the scored tokens of each request as they come.</summary>
internal sealed class ScoreTally
{
    private readonly double[] _sums;
    private readonly int[] _counts;
    private readonly int[] _wanted;
    private readonly bool[] _greedy;
    private readonly double?[] _divergences;

    public ScoreTally(IReadOnlyList<ScoreRequest> requests)
    {
        (_sums, _counts, _greedy, _divergences) = (new double[requests.Count], new int[requests.Count], new bool[requests.Count], new double?[requests.Count]);
        _wanted = [.. requests.Select(request => request.Scored.Count(scored => scored))];
        Array.Fill(_greedy, value: true);
    }

    /// <summary>Requests all of whose tokens are in.</summary>
    public int Done { get; private set; }

    public IReadOnlyList<Score> Scores => [.. Enumerable.Range(0, _sums.Length).Select(Of)];

    /// <summary>The score of one request so far.</summary>
    public Score Of(int request) => new(_sums[request], _counts[request], _greedy[request]) { KlToBase = _divergences[request] };

    /// <param name="logLikelihood">ln p of one scored token, nats.</param>
    /// <param name="isBest">Whether it is the most likely one at its place.</param>
    /// <param name="divergence">KL to the base at its place, nats; null where there is none.</param>
    public void Add(int request, double logLikelihood, bool isBest, double? divergence)
    {
        _sums[request] += logLikelihood;
        _greedy[request] &= isBest;
        _divergences[request] = divergence is { } nats ? (_divergences[request] ?? 0) + nats : null;
        Done += ++_counts[request] == _wanted[request] ? 1 : 0;
    }

    /// <summary>The whole score of a request, computed earlier.</summary>
    public void Set(int request, Score score)
    {
        (_sums[request], _counts[request], _greedy[request]) = score;
        _divergences[request] = score.KlToBase;
        Done++;
    }
}
