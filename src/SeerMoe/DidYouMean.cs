namespace SeerMoe;

/// <summary>Finds the known word that a mistyped one was most likely meant to be.</summary>
public static class DidYouMean
{
    /// <summary>"Did you mean 'soft'? " where a known word is near, else nothing: put it in front of the list of known words.</summary>
    public static string Hint(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } nearest ? $"Did you mean '{nearest}'? " : "";

    /// <summary>The known word within two edits (one, for words up to three letters), or null; of equally near ones the first.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var best = known.Select(candidate => (Word: candidate, Distance: Distance(word, candidate))).DefaultIfEmpty((Word: "", Distance: int.MaxValue)).MinBy(pair => pair.Distance);
        return best.Distance <= (word.Length <= 3 ? 1 : 2) ? best.Word : null;
    }

    /// <summary>Levenshtein's distance: the fewest letters to insert, delete or replace; case does not count.</summary>
    private static int Distance(string a, string b)
    {
        // row[j] is the distance between the letters of a seen so far and the first j letters of b
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
