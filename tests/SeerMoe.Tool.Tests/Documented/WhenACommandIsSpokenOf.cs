using System.Text.RegularExpressions;
using SeerMoe.Testing;
using SeerMoe.Tool.Commands;
using SeerMoe.Tool.Completion;

namespace SeerMoe.Tool.Tests.Documented;

/// <summary>Commands within a sentence: `dotnet seer plan RECIPE --config-only`. They are not run, but they must be there, with their options.</summary>
public sealed partial class WhenACommandIsSpokenOf
{
    private static readonly IReadOnlyList<CompletedCommand> Known = CompletedCommand.Of(CommandLine.Model());

    public static TheoryData<string> Texts => ["README.md", "src/README.md", "examples/msbuild/README.md", "recipes/study/README.md", "examples/tiny-moe/README.md", "examples/corpus/README.md"];

    [Theory, MemberData(nameof(Texts))]
    public void It_is_one_and_has_its_options(string text) =>
        Assert.All(Spoken().Matches(File.ReadAllText(Repository.Path(text))).Select(match => match.Groups["words"].Value), AssertIsKnown);

    private static void AssertIsKnown(string command)
    {
        var words = command.Split(' ');
        var at = Known[0];
        foreach (var word in words)
        {
            if (Known.FirstOrDefault(below => below.Path == $"{at.Path} {word}".Trim()) is { } below)
            {
                at = below;
            }
        }

        Assert.True(at.Path.Length > 0 || words[0].StartsWith("--", StringComparison.Ordinal), $"'{command}' is no command.");
        var options = at.Path.Length > 0 ? at.Options : Known.SelectMany(command => command.Options);
        Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(options, known => known.Word == option.Split('=')[0]));
    }

    [GeneratedRegex(@"`(dotnet )?seer (?<words>[a-z-][^`>]*?) *(>[^`]*)?`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Spoken();
}
