using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer plan`: what `seer run`, or `seer sweep`, would do.</summary>
[Command(
    "plan",
    Description = "Prints what `run` would do with the same recipe: stages, inputs, keys, disk; of a sweep, every point. Runs nothing.",
    ExtendedHelpText = "dotnet seer plan recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class PlanCommand : RecipeCommand
{
    [Option("--over <AXIS>", SweepCommand.OverHelp, CommandOptionType.MultipleValue)]
    public string[] Over { get; set; } = [];

    [Option("--zip <AXIS>", SweepCommand.ZipHelp, CommandOptionType.MultipleValue)]
    public string[] Zip { get; set; } = [];

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var plan = MakePlan(interrupted, Over, Zip);
        if (plan.File.IsSweep)
        {
            terminal.Output.Write(Json ? SeerJson.Text(SweepPlanDocument.Of(plan)) : SweepPlanText.Of(plan));
        }
        else
        {
            terminal.Output.Write(Json ? SeerJson.Text(PlanDocument.Of(plan.Points[0].Plan)) : PlanText.Of(plan.Points[0].Plan));
        }

        return ExitCode.Done;
    }
}
