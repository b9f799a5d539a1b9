using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Topics;

namespace SeerMoe.Tool.Completion;

/// <summary>What can follow one command on the line.</summary>
/// <param name="Path">The words that lead to it: "", "run", "backend install".</param>
/// <param name="Commands">The commands below it, each with what it does.</param>
/// <param name="Options">Its options as they are typed: "--set", "-h", each with what it does.</param>
public sealed record CompletedCommand(string Path, IReadOnlyList<(string Word, string About)> Commands, IReadOnlyList<(string Word, string About)> Options)
{
    private const string Help = "help";

    /// <summary>The command and all below it, each before those below it.</summary>
    public static IReadOnlyList<CompletedCommand> Of(CommandLineApplication command, string path = "") =>
    [
        new(path, path == Help ? [.. TopicsBelow(""), .. Named(command.Parent!)] : Named(command), [.. command.Options.SelectMany(Words)]),
        .. command.Commands.SelectMany(below => Of(below, path.Length == 0 ? below.Name! : $"{path} {below.Name}")),
        .. path == Help ? Topic.All.Select(topic => topic.Name).Where(name => TopicsBelow($"{name} ").Any()).Select(name => new CompletedCommand($"{Help} {name}", [.. TopicsBelow($"{name} ")], [])) : [],
    ];

    private static IReadOnlyList<(string, string)> Named(CommandLineApplication command) => [.. command.Commands.Select(below => (below.Name!, OneSentence(below.Description)))];

    /// <summary>The next word of the topics that begin so: "prune" of "stages prune" behind "stages ".</summary>
    private static IEnumerable<(string, string)> TopicsBelow(string beginning) =>
        from topic in Topic.All
        where topic.Name.StartsWith(beginning, StringComparison.Ordinal) && !topic.Name[beginning.Length..].Contains(' ', StringComparison.Ordinal)
        select (topic.Name[beginning.Length..], OneSentence(topic.About));

    private static IEnumerable<(string, string)> Words(CommandOption option) =>
        new[] { option.LongName is { Length: > 0 } name ? $"--{name}" : null, option.ShortName is { Length: > 0 } letter ? $"-{letter}" : null }
            .OfType<string>()
            .Select(word => (word, OneSentence(option.Description)));

    /// <summary>Up to the first full stop or colon, without what shells would have to quote.</summary>
    private static string OneSentence(string? text)
    {
        var plain = new string([.. (text ?? "").Where(letter => letter is not ('\'' or '"' or '`' or '$' or '\\' or '[' or ']'))]);
        var end = plain.AsSpan().IndexOfAny(".:;");
        return (end < 0 ? plain : plain[..end]).Trim();
    }
}
