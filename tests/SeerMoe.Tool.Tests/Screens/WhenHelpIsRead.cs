using System.Text.RegularExpressions;
using SeerMoe.Testing;
using SeerMoe.Tool.Scaffolding;
using SeerMoe.Tool.Topics;

namespace SeerMoe.Tool.Tests.Screens;

public sealed partial class WhenHelpIsRead
{
    public static TheoryData<string> Topics => [.. Topic.All.Select(topic => topic.Name)];

    [Fact]
    public void Without_a_topic_it_lists_them() => Screen.IsAsReviewed("help", Shown());

    [Theory, MemberData(nameof(Topics))]
    public void Each_topic_is_as_reviewed_and_no_terminal_of_96_columns_folds_it(string topic)
    {
        var shown = Shown(topic.Split(' '));

        Assert.All(shown.Split('\n'), line => Assert.True(line.Length <= 96, line));
        Screen.IsAsReviewed($"help {topic}", shown);
    }

    [Fact]
    public void What_people_try_for_a_command_gives_that_commands_help()
    {
        Assert.Equal(Seer.Run("count", "--help").Output, Shown("count"));
        Assert.Equal(Seer.Run("backend", "install", "--help").Output, Shown("backend", "install"));
    }

    [Fact]
    public void Every_command_in_it_is_one()
    {
        var commands = Topic.All.SelectMany(topic => Commands().Matches(topic.Text())).Select(match => match.Value).Distinct().ToList();

        Assert.True(commands.Count >= 10);
        Assert.All(commands, command => Assert.Equal(0, Seer.Run([.. command.Split(' ').Skip(2), "--help"]).ExitCode));
    }

    [Fact]
    public void Its_recipe_is_a_recipe()
    {
        using var folder = new TemporaryFolder();
        Scaffold.All.First(kind => kind.Word == "quickstart").Value.Write(folder.Path);
        var written = Seer.Run("plan", folder["quickstart.yaml"], "--device", "cpu").Output;
        var lines = Shown("recipes").Split('\n').SkipWhile(line => line != "  name: quickstart").TakeWhile(line => line.Length > 0);
        folder.Write("quickstart.yaml", string.Join('\n', lines.Select(line => line[2..])) + "\n");

        Assert.Equal(written, Seer.Run("plan", folder["quickstart.yaml"], "--device", "cpu").Output);
    }

    private static string Shown(params string[] words)
    {
        var help = Seer.Run(["help", .. words]);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        return help.Output;
    }

    [GeneratedRegex("dotnet seer [a-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Commands();
}
