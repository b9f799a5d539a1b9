using System.Text;
using System.Text.RegularExpressions;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.BadInputs;

/// <summary>Every bad input through the real command: exit code 2, a text that was read by a person (BadInputs.txt), and nothing written.</summary>
/// <remarks>With SEER_WRITE_TEXTS=1 the texts are written anew, to be read before they are kept.</remarks>
public sealed partial class WhenAnInputIsBad(GoodFolder good) : IClassFixture<GoodFolder>
{
    private const string Heading = "== ";

    private static readonly string TextsPath = Repository.Path("tests", "SeerMoe.Tool.Tests", "BadInputs", "BadInputs.txt");

    public static TheoryData<string> Names => [.. BadInputTable.All.Select(input => input.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Is_refused_in_clear_words_and_nothing_is_written(string name)
    {
        Assert.SkipWhen(IsWriting, "The texts are being written.");
        var (run, before, after, shown) = Run(BadInputTable.All.Single(input => input.Name == name));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(before, after);
        AssertClear(run.Error);
        Assert.Equal(Texts()[name], shown);
    }

    [Fact]
    public void There_are_many_and_each_text_has_its_input()
    {
        if (IsWriting)
        {
            File.WriteAllText(TextsPath, BadInputTable.All.Aggregate(new StringBuilder(), (text, input) => text.Append($"{Heading}{input.Name}\n{Run(input).Shown}\n")).ToString());
        }

        Assert.True(BadInputTable.All.Count >= 60);
        Assert.Equal(BadInputTable.All.Select(input => input.Name), Texts().Keys);
    }

    private static bool IsWriting => Environment.GetEnvironmentVariable("SEER_WRITE_TEXTS") == "1";

    /// <summary>What, where, what to do: three lines, or for a recipe its place with the line and a caret below it.</summary>
    private static void AssertClear(string error)
    {
        var lines = error.TrimEnd('\n').Split('\n');
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        if (RecipePlace().IsMatch(lines[0]))
        {
            return;
        }

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("  at ", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^  \S.*[.?]$", lines[2]);
    }

    private (Seer Run, string[] Before, string[] After, string Shown) Run(BadInput input)
    {
        using var folder = good.Copy();
        input.Break(folder);
        var before = Snapshot(folder.Path);
        var run = Seer.Run(input.In(folder));
        var shown = $"$ seer {input.Arguments.Replace("@ ", ". ", StringComparison.Ordinal).Replace("@", "", StringComparison.Ordinal)}\n{run.Error.Replace(folder.Path + "/", "", StringComparison.Ordinal).Replace(folder.Path, ".", StringComparison.Ordinal)}";
        return (run, before, Snapshot(folder.Path), shown);
    }

    /// <summary>Every file and folder with its size and time.</summary>
    private static string[] Snapshot(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => $"{Path.GetRelativePath(folder, entry.FullName)} {(entry as FileInfo)?.Length} {(entry as FileInfo)?.LastWriteTimeUtc.Ticks}")
            .Order(StringComparer.Ordinal),
    ];

    private static Dictionary<string, string> Texts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in $"\n{File.ReadAllText(TextsPath)}".Split($"\n{Heading}").Skip(1))
        {
            var end = section.IndexOf('\n', StringComparison.Ordinal);
            texts.Add(section[..end], section[(end + 1)..].TrimEnd('\n') + "\n");
        }

        return texts;
    }

    [GeneratedRegex(@"^error: \S+\.(yaml|csx)(\(\d+,\d+\))?: |^error: --\S+ ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RecipePlace();
}
