namespace SeerMoe.Recipes.Yaml;

/// <summary>"Did you mean": the known word nearest to an unknown one.</summary>
internal static class Suggestion
{
    private const int LongestWord = 64;

    /// <summary>The known word that the unknown one was likely meant to be, or null.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) => word.Length > LongestWord
        ? null
        : known
            .Select(candidate => (Word: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Word.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
            .FirstOrDefault().Word;

    /// <summary>The hint below an unknown word: the nearest one, or all of them where none is near.</summary>
    public static string For(string? nearest, IReadOnlyCollection<string> known, string knownAre) =>
        nearest is not null ? $"Did you mean '{nearest}'?"
        : known.Count > 0 ? $"{knownAre}: {string.Join(", ", known)}."
        : $"{knownAre}: none.";

    /// <summary>Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours, each of cost 1.</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
