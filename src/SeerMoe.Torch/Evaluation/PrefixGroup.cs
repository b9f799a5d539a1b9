namespace SeerMoe.Torch.Evaluation;

/// <summary>Rows that begin with the same tokens, which are computed once for all of them.</summary>
/// <example>
/// Five-shot questions of one subject: the examples are the prefix.
/// <code>
/// rows in order        common with the one before
/// shots question 1     -
/// shots question 2     |shots|         extend: 2 rows, |shots| saved once
/// shots question 3     |shots|         extend: saved twice
/// other question       2               extending would leave 2 tokens in common: a new group
/// </code>
/// </example>
/// <param name="Length">Tokens in common, all before the first place that is read; 0 for rows that share nothing worth a pass of its own.</param>
/// <param name="Rows">One or more.</param>
internal sealed record PrefixGroup(int Length, IReadOnlyList<ScoringRow> Rows)
{
    // Fewer tokens in common are chance.
    private const int Least = 16;

    /// <summary>Groups of all rows without padding, in lexicographic order of their tokens; rows with padding stay by themselves.</summary>
    /// <param name="rows">All of them.</param>
    /// <param name="worthwhile">Tokens that a group must save: it breaks up batches, and a pass over a prefix is one of a single sequence.</param>
    public static IEnumerable<PrefixGroup> Of(IReadOnlyList<ScoringRow> rows, int worthwhile)
    {
        foreach (var padded in rows.Where(row => row.Input.Mask is not null))
        {
            yield return new PrefixGroup(0, [padded]);
        }

        List<ScoringRow> sorted = [.. rows.Where(row => row.Input.Mask is null)];
        sorted.Sort((a, b) => a.Input.Ids.AsSpan().SequenceCompareTo(b.Input.Ids));
        var group = new List<ScoringRow>();
        var common = 0;
        foreach (var row in sorted)
        {
            var shared = group.Count == 0 ? row.FirstPlace : Math.Min(group.Count == 1 ? group[0].FirstPlace : common, Math.Min(row.FirstPlace, Common(group[^1], row)));
            if (group.Count > 0 && (shared < Least || group.Count * shared < (group.Count - 1) * common))
            {
                yield return Closed(group, common, worthwhile);
                group = [];
                shared = row.FirstPlace;
            }

            group.Add(row);
            common = shared;
        }

        if (group.Count > 0)
        {
            yield return Closed(group, common, worthwhile);
        }
    }

    private static PrefixGroup Closed(List<ScoringRow> group, int common, int worthwhile) => new((group.Count - 1) * common < worthwhile ? 0 : common, group);

    private static int Common(ScoringRow a, ScoringRow b) => a.Input.Ids.AsSpan().CommonPrefixLength(b.Input.Ids);
}
