using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer run`: a recipe, from counting to the closing table, or every point of its sweep.</summary>
[Command(
    "run",
    Description = "Runs a recipe and closes with a table: the full model, a random prune, and what came out; of a sweep, every point.",
    ExtendedHelpText = "dotnet seer run recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class RunCommand : RecipeCommand
{
    [Option("--output <DIR>", "The run gets <recipe name>/<number>/ in it; default: runs.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "runs";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var points = MakePlan(interrupted);
        if (points.File.IsSweep)
        {
            return new Sweeping(terminal, new LocalExecutor(), Json).Run(SweepFolder.Create(Output, points, SweepCommand.LaunchOf(points)), points, interrupted);
        }

        var plan = points.Points[0].Plan;
        LibTorch.Load();
        var outcome = WithProgress(terminal, interrupted, progress => Runner.Run(plan, Output, progress, interrupted));
        if (Json)
        {
            terminal.Output.Write(SeerJson.Text(RunDocument.Of(outcome)));
        }
        else
        {
            ClosingTable.Print(terminal, outcome);
        }

        terminal.Notes(Notes.Of(outcome));
        return ExitCode.Done;
    }
}
