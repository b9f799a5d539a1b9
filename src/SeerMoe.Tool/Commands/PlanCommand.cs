using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Planning;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer plan`: what `seer run` would do.</summary>
[Command(
    "plan",
    Description = "Prints what `run` would do with the same recipe: stages, inputs, keys, disk. Runs nothing.",
    ExtendedHelpText = "dotnet seer plan recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class PlanCommand : RecipeCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var plan = MakePlan(interrupted);
        terminal.Output.Write(Json ? SeerJson.Text(PlanDocument.Of(plan)) : PlanText.Of(plan));
        return ExitCode.Done;
    }
}
