using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Tool.Topics;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer help`: topics that concern more than one command, and what people type who look for a command's help.</summary>
[Command(
    "help",
    Description = "Explains a topic (recipes, stages, criteria, lock), or a command as --help does.",
    ExtendedHelpText = "dotnet seer help recipes")]
public sealed class HelpCommand : SeerCommand
{
    [Argument(0, "TOPIC", "recipes, stages (or stages prune, ..), criteria, lock, or a command; nothing lists them.")]
    public string[] Words { get; set; } = [];

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var asked = string.Join(' ', Words);
        var text = asked.Length == 0 ? Listed() : Topic.All.FirstOrDefault(topic => topic.Name == asked)?.Text() ?? OfCommand(asked);
        terminal.Result(Json, new { Topic = asked, Text = text }, text.TrimEnd('\n'));
        return ExitCode.Done;
    }

    private static string Listed() => new TopicPage()
        .Rows("Topics", Topic.All.Select(topic => (topic.Name, topic.About)))
        .Rows("Next",
        [
            ("dotnet seer help TOPIC", "explains one"),
            ("dotnet seer --help", "lists the commands"),
            ("dotnet seer COMMAND --help", "explains one; so does 'dotnet seer help COMMAND'"),
        ])
        .ToString();

    /// <exception cref="InputException">It is no command either.</exception>
    private static string OfCommand(string words)
    {
        var root = CommandLine.Model();
        var command = words.Split(' ').Aggregate((CommandLineApplication?)root, (above, word) => above?.Commands.FirstOrDefault(below => below.Name == word));
        if (command is not null)
        {
            return command.GetHelpText();
        }

        string[] topics = [.. Topic.All.Select(topic => topic.Name)];
        throw new InputException(
            $"'{words}' is neither a topic nor a command.",
            "dotnet seer help",
            $"{DidYouMean.Hint(words, topics.Concat(root.Commands.Select(known => known.Name!)))}Topics: {string.Join(", ", topics.Where(topic => !topic.Contains(' ', StringComparison.Ordinal)))}. 'dotnet seer --help' lists the commands.");
    }
}
