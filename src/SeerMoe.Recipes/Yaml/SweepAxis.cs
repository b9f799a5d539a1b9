namespace SeerMoe.Recipes.Yaml;

/// <summary>One dimension of a sweep: keys whose values change together; more than one where they were zipped.</summary>
internal sealed record SweepAxis(IReadOnlyList<SweptKey> Keys)
{
    /// <summary>Values along it; none where a fault was reported.</summary>
    public int Count => Keys.Min(key => key.Values.Count);

    /// <summary>
    /// Every combination, one index an axis; the last axis changes fastest, as the innermost of nested loops does.
    /// <code>
    /// prune.criterion: [soft, actual]     0 0  0 1  1 0  1 1
    /// prune.ratio: [0.25, 0.5]
    /// </code>
    /// </summary>
    public static IEnumerable<int[]> Combinations(IReadOnlyList<SweepAxis> axes)
    {
        IEnumerable<int[]> combinations = [[]];
        foreach (var axis in axes)
        {
            combinations = combinations.SelectMany(before => Enumerable.Range(0, axis.Count).Select(index => (int[])[.. before, index]));
        }

        return combinations;
    }
}

/// <summary>A key of the recipe (`prune.ratio`) and the values that it takes.</summary>
internal sealed record SweptKey(YamlScalar Key, IReadOnlyList<YamlNode> Values)
{
    public string Path => Key.Text;
}
