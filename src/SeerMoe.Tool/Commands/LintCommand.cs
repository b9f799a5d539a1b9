using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Linting;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer lint`: will stock runtimes load this number of experts.</summary>
[Command(
    "lint",
    Description = "Says whether stock runtimes can load a checkpoint, from its config alone; exit code 3 where one can't.",
    ExtendedHelpText = "dotnet seer lint pruned --for vllm --tensor-parallel 4")]
public sealed class LintCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "CHECKPOINT", "Folder of a checkpoint, or a config.json.")]
    public string Checkpoint { get; set; } = "";

    [Option("--for <RUNTIMES>", "Some of transformers,vllm,llama.cpp; default: all.", CommandOptionType.SingleValue)]
    public string? For { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--tensor-parallel <N>", "Devices that each matrix is split over; default 1.", CommandOptionType.SingleValue)]
    public int TensorParallel { get; set; } = 1;

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var runtimes = For?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [.. Linter.Runtimes];
        var findings = Linter.Lint(LintSubject.Of(Checkpoint, TensorParallel), runtimes);
        LintText.Print(terminal, findings, Json);
        return findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.Differs : ExitCode.Done;
    }
}
