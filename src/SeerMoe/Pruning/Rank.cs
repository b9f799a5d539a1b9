namespace SeerMoe.Pruning;

/// <summary>The n-th best experts of each group of a layer; of a layer without groups, one expert.</summary>
/// <param name="Experts">One of each group.</param>
/// <param name="Score">Mean of their scores.</param>
internal sealed record Rank(int[] Experts, double Score)
{
    /// <summary>All ranks of a layer, best first; of equal scores the lower expert comes first.</summary>
    public static Rank[] Of(double[] scores, int groups)
    {
        var size = scores.Length / groups;
        var bestFirst = Enumerable.Range(0, groups)
            .Select(group => Enumerable.Range(group * size, size).OrderByDescending(expert => scores[expert]).ThenBy(expert => expert).ToArray())
            .ToArray();
        return [.. Enumerable.Range(0, size).Select(rank => bestFirst.Select(group => group[rank]).ToArray()).Select(experts => new Rank(experts, experts.Average(expert => scores[expert])))];
    }
}
