namespace SeerMoe.Recipes.Yaml;

/// <summary>The last line of a fault about an unknown word.</summary>
internal static class Hints
{
    /// <summary>"Did you mean 'ratio'?", or all known words where none is near.</summary>
    public static string ForUnknown(string word, IReadOnlyCollection<string> known, string knownAre) =>
        known.Count == 0 ? $"{knownAre}: none."
        : DidYouMean.Nearest(word, known) is { } nearest ? $"Did you mean '{nearest}'?"
        : $"{knownAre}: {string.Join(", ", known)}.";
}
