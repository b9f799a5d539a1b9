namespace SeerMoe.Recipes.Reporting;

/// <summary>
/// What runs are called beside each other: as much of the end of their paths as tells them apart.
/// <code>
/// a/runs/quickstart/1  a/runs/quickstart/2     quickstart/1       quickstart/2
/// a/runs/quickstart/1  b/runs/quickstart/1     a/runs/quickstart/1   b/runs/quickstart/1
/// the same folder twice                        quickstart/1       quickstart/1 (2)
/// </code>
/// </summary>
internal static class RunNames
{
    private const int Usual = 2; // the recipe, and the number of the run

    public static IReadOnlyList<string> Of(IReadOnlyList<string> folders)
    {
        var parts = folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)).Split('/', '\\')).ToList();
        var different = parts.Select(path => string.Join('/', path)).Distinct(StringComparer.Ordinal).Count();
        var length = Enumerable.Range(Usual, parts.Max(path => path.Length)).First(length => length >= parts.Max(path => path.Length) || Ends(length).Distinct(StringComparer.Ordinal).Count() == different);
        var names = Ends(length).ToList();
        return [.. names.Select((name, i) => names.Take(i).Count(earlier => earlier == name) is > 0 and var earlier ? $"{name} ({earlier + 1})" : name)];

        IEnumerable<string> Ends(int length) => parts.Select(path => string.Join('/', path.TakeLast(length)));
    }
}
