using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer run`: a recipe, from counting to the closing table.</summary>
[Command(
    "run",
    Description = "Runs a recipe and closes with a table: the full model, a random prune, and what came out.",
    ExtendedHelpText = "dotnet seer run recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class RunCommand : RecipeCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var plan = MakePlan(interrupted);
        var outcome = WithProgress(terminal, interrupted, progress => Runner.Run(plan, Output, progress, interrupted, Cache));
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
