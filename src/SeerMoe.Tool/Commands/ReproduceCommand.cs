using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Reproducing;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer reproduce`: run it again from its lock, and compare.</summary>
[Command(
    "reproduce",
    Description = "Runs again from a lock and the recipe beside it, reuses nothing, and compares: digests on the same device class and versions, else metrics within tolerances; exit code 3 if they differ.",
    ExtendedHelpText = "dotnet seer reproduce runs/quickstart/1/seer.lock.json")]
public sealed class ReproduceCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "LOCK", "A seer.lock.json, or the folder of a run.")]
    public string Lock { get; set; } = "";

    [Option("--output <DIR>", "A new folder for the run; default: reproduced.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "reproduced";

    [Option("--inputs <DIR>", "What the paths of the recipe are relative to; default: where the run was made, else the current folder.", CommandOptionType.SingleValue)]
    public string? Inputs { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var locked = LockedRun.Open(Lock);
        var plan = locked.Plan(Inputs, ChosenCompute(), interrupted);
        RunLimits.Refuse(plan, Output, isReused: _ => false);
        var reproduction = WithProgress(terminal, interrupted, progress => Reproducer.Reproduce(locked, plan, Output, progress, interrupted));
        ReproductionText.Print(terminal, reproduction, Json);
        return reproduction.Differs ? ExitCode.Differs : ExitCode.Done;
    }
}
