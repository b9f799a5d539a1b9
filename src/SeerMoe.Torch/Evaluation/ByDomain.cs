namespace SeerMoe.Torch.Evaluation;

/// <summary>A tally of the whole, and one of each domain that lines of the data name.</summary>
/// <param name="blank">A tally of nothing.</param>
internal sealed class ByDomain<TTally>(Func<TTally> blank)
{
    private readonly SortedDictionary<string, TTally> _domains = new(StringComparer.Ordinal);

    public TTally Whole { get; } = blank();

    /// <summary>The tallies that something counts in.</summary>
    /// <param name="domain">Null where its line names none.</param>
    public IEnumerable<TTally> Of(string? domain)
    {
        yield return Whole;
        if (domain is null)
        {
            yield break;
        }

        if (!_domains.TryGetValue(domain, out var tally))
        {
            _domains.Add(domain, tally = blank());
        }

        yield return tally;
    }

    /// <summary>`facts`, then `facts/biology`, `facts/history`: a slash, which no task's own name holds.</summary>
    public IEnumerable<(string Name, TTally Tally, string? Group)> Named(string task) =>
        _domains.Select(domain => ($"{task}/{domain.Key}", domain.Value, (string?)task)).Prepend((task, Whole, null));
}
