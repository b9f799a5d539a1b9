using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Locking;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer verify`: is a run still what its lock says.</summary>
[Command(
    "verify",
    Description = "Hashes every file of a run again and compares it with the run's lock, and the lock with the recipe; exit code 3 if they differ.",
    ExtendedHelpText = "dotnet seer verify runs/quickstart/1")]
public sealed class VerifyCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "RUN", "The folder of a run: it holds seer.lock.json.")]
    public string Run { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var verification = RunVerifier.Verify(Run, interrupted);
        var verdict = verification.Differs ? "the run is not what its lock says" : $"all {verification.Files} files are what the lock says";
        terminal.Result(Json, Document(verification), string.Join('\n', [.. verification.Findings, verdict]));
        return verification.Differs ? ExitCode.Differs : ExitCode.Done;
    }

    private static object Document(Verification verification) => new
    {
        Schema = "seer/verification@1",
        verification.Files,
        verification.Differs,
        Findings = verification.Findings.Select(finding => new { Kind = finding.Kind.ToString().ToLowerInvariant(), finding.Path, finding.Locked, finding.Found }),
    };
}
