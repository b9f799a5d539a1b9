using System.Text.RegularExpressions;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.Documented;

/// <summary>A command that somebody is told to type.</summary>
/// <param name="Place">"README.md(42)".</param>
/// <param name="Text">As it is printed, a comment behind it left out.</param>
internal sealed partial record DocumentedCommand(string Place, string Text)
{
    private const string Fence = "```";

    /// <summary>Each once, in the order in which somebody reads: the README, then the texts beside recipes and examples, how to work on it, then comments.</summary>
    public static IReadOnlyList<DocumentedCommand> All { get; } =
    [
        .. ((string[])["README.md", .. Below("README.md"), "src/README.md"]).SelectMany(InFences)
            .Concat(((string[])["*.yaml", "*.csx", "*.cs"]).SelectMany(Below).SelectMany(InComments))
            .DistinctBy(command => command.Text),
    ];

    /// <summary>Where a file of the repository stands: "recipes/paper/mmlu.yaml".</summary>
    public string File => Place[..Place.IndexOf('(', StringComparison.Ordinal)];

    /// <summary>Files of recipes and examples, less what a build or a run in their place leaves.</summary>
    private static IEnumerable<string> Below(string pattern) => ((string[])["recipes", "examples"])
        .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), pattern, SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "runs"))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<DocumentedCommand> InFences(string file)
    {
        var isInside = false;
        foreach (var (index, line) in System.IO.File.ReadLines(Repository.Path(file)).Index())
        {
            isInside ^= line.StartsWith(Fence, StringComparison.Ordinal);
            foreach (var command in isInside && Printed().Match(line) is { Success: true } found ? Of(file, index, found) : [])
            {
                yield return command;
            }
        }
    }

    private static IEnumerable<DocumentedCommand> InComments(string file) =>
        from line in System.IO.File.ReadLines(Repository.Path(file)).Index()
        let found = Commented().Match(line.Item)
        where found.Success
        from command in Of(file, line.Index, found)
        select command;

    private static IEnumerable<DocumentedCommand> Of(string file, int index, Match found) =>
        found.Groups["command"].Value.Split(" && ").Select(command => new DocumentedCommand($"{file}({index + 1})", LeftOut().Replace(command, "").Trim()));

    // "[SEED]": what may be left out is. ", which trains the models first": so is what goes on after the command.
    [GeneratedRegex(@" \[[^\]]*\]|, which .*", RegexOptions.CultureInvariant)]
    private static partial Regex LeftOut();

    // A comment stands two spaces behind the command at least.
    [GeneratedRegex(@"^(?<command>(dotnet|seer|bash) \S+( \S+)*)(  .*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Printed();

    // "# Command  dotnet ..", "//   dotnet ..", "# .. without editing this file: seer .."
    [GeneratedRegex(@"^(#|//)( +|[ ]+[A-Z][a-z]+ {2,}|.*: )(?<command>(dotnet|seer|bash) [^\s,]\S*( \S+)*)(  .*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Commented();
}
