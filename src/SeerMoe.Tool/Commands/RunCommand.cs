using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer run`: a recipe, from counting to the closing table, or every point of its sweep.</summary>
[Command(
    "run",
    Description = "Runs a recipe and closes with a table: the full model, a random prune, and what came out; of a sweep, every point.",
    ExtendedHelpText = "dotnet seer run recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class RunCommand : RecipeCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var points = MakePlan(interrupted);
        if (points.File.IsSweep)
        {
            return new Sweeping(terminal, new LocalExecutor(), Digests, Json).Run(SweepFolder.Create(Output, points, SweepCommand.LaunchOf(points)), points, interrupted);
        }

        var outcome = WithProgress(terminal, interrupted, progress => Runner.Run(points.Points[0].Plan, Output, progress, interrupted, Cache));
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
