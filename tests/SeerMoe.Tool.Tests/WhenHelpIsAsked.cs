using SeerMoe.Tool.Commands;

namespace SeerMoe.Tool.Tests;

public class WhenHelpIsAsked
{
    private static readonly string[] Names =
        ["run", "plan", "sweep", "count", "prune", "regularize", "evaluate", "logits", "init", "inspect", "lint", "verify", "merge-statistics", "doctor", "new", "schema", "completion", "help"];

    public static TheoryData<string> Commands => [.. Names];

    [Fact]
    public void The_root_lists_every_command_on_stdout()
    {
        var help = Seer.Run("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Empty(help.Error);
        Assert.All(Names, name => Assert.Contains($"\n  {name} ", help.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void No_arguments_at_all_give_the_same_help()
    {
        Assert.Equal(Seer.Run("--help"), Seer.Run());
    }

    [Fact]
    public void The_roots_help_is_what_the_parser_would_write() => Assert.Equal(CommandLine.Model().GetHelpText(), Seer.Run("--help").Output);

    [Theory, MemberData(nameof(Commands))]
    public void Every_command_fits_a_screen_and_closes_with_an_example(string command)
    {
        var help = Seer.Run(command, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Empty(help.Error);
        var lines = help.Output.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length <= 45, $"{lines.Length} lines");
        Assert.Equal("Example:", lines[^2]);
        Assert.StartsWith($"  dotnet seer {command} ", lines[^1], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public void Every_command_has_the_common_options(string command)
    {
        var help = Seer.Run(command, "--help").Output;
        Assert.All(
            ["--seed", "--device", "--dtype", "--memory", "--quiet", "--json", "--help", "--version"],
            option => Assert.Contains(option, help[help.IndexOf("Common options:", StringComparison.Ordinal)..], StringComparison.Ordinal));
    }

    [Fact]
    public void A_command_with_commands_below_it_lists_them()
    {
        var help = Seer.Run("backend");
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.All(["list", "install", "use", "check"], name => Assert.Contains($"\n  {name} ", help.Output, StringComparison.Ordinal));
        Assert.EndsWith("Example:\n  dotnet seer backend install cpu\n", help.Output, StringComparison.Ordinal);
        Assert.Contains("Usage: dotnet seer backend install NAME [options]", Seer.Run("backend", "install", "--help").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("count", "--version")]
    public void The_version_is_one_plain_line(params string[] args)
    {
        var version = Seer.Run(args);
        Assert.Equal((0, $"{SeerApp.Version}\n", ""), (version.ExitCode, version.Output, version.Error));
    }
}
