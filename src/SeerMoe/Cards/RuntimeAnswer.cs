using SeerMoe.Linting;

namespace SeerMoe.Cards;

/// <summary>Whether a runtime loads a checkpoint, as `lint` finds.</summary>
/// <param name="Runtime">Its name.</param>
/// <param name="Loads">`yes`, `with care` or `no`.</param>
/// <param name="Why">What stands in its way; empty for nothing.</param>
public sealed record RuntimeAnswer(string Runtime, string Loads, string Why)
{
    /// <summary>Ours first, then every runtime that is known.</summary>
    /// <param name="folder">A checkpoint: its config, and a modeling file where there is one.</param>
    public static IReadOnlyList<RuntimeAnswer> Of(string folder)
    {
        var findings = Linter.Lint(LintSubject.Of(folder, tensorParallel: 1), Linter.Runtimes);
        return
        [
            new RuntimeAnswer("dotnet seer", "yes", ""),
            .. findings.GroupBy(finding => finding.Runtime, StringComparer.Ordinal).Select(runtime => new RuntimeAnswer(
                runtime.Key,
                runtime.Max(finding => finding.Severity) switch { Severity.Ok => "yes", Severity.Warning => "with care", _ => "no" },
                string.Join(' ', runtime.Where(finding => finding.Severity != Severity.Ok).Select(finding => finding.What)))),
        ];
    }

    /// <summary>All answers as a section of a card.</summary>
    public static string Section(string folder) =>
        $"## Who loads it\n\n{MarkdownTable.Of(["runtime", "loads it", "why not, or how"], Of(folder).Select(answer => (string[])[answer.Runtime, answer.Loads, answer.Why]))}\nAs `dotnet seer lint` says, which knows the reasons; none of these was run.\n";
}
