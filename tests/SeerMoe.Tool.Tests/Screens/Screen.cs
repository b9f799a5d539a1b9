using System.Text.RegularExpressions;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.Screens;

/// <summary>What somebody sees, held against a text that was read by a person: NAME.txt beside this file.</summary>
/// <remarks>With SEER_WRITE_TEXTS=1 the texts are written anew, to be read before they are kept.</remarks>
internal static partial class Screen
{
    public static void IsAsReviewed(string name, string shown)
    {
        var path = Repository.Path("tests", "SeerMoe.Tool.Tests", "Screens", $"{name.Replace(' ', '-')}.txt");
        if (Environment.GetEnvironmentVariable("SEER_WRITE_TEXTS") == "1")
        {
            File.WriteAllText(path, shown);
        }

        Assert.Equal(File.ReadAllText(path), shown);
    }

    /// <summary>What differs from machine to machine, by its name: digests, keys and memory.</summary>
    public static string Masked(string shown, TemporaryFolder folder) =>
        Memory().Replace(Digest().Replace(shown.Replace($"{folder.Path}/", "", StringComparison.Ordinal), "<12 digits>"), "<memory> ${unit}");

    [GeneratedRegex(@"\b[0-9a-f]{12}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex(@"[\d,.]+ (?<unit>MiB|MB|GB)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Memory();
}
