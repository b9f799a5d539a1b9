using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Costs;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer plan`: what `seer run`, or `seer sweep`, would do.</summary>
[Command(
    "plan",
    Description = "Prints what `run` would do with the same recipe: stages (to run, or reused), inputs, keys, memory, disk, time; of a sweep, every point. Runs nothing.",
    ExtendedHelpText = "dotnet seer plan recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class PlanCommand : RecipeCommand
{
    [Option("--over <AXIS>", SweepCommand.OverHelp, CommandOptionType.MultipleValue)]
    public string[] Over { get; set; } = [];

    [Option("--zip <AXIS>", SweepCommand.ZipHelp, CommandOptionType.MultipleValue)]
    public string[] Zip { get; set; } = [];

    [Option("--config-only", "Tells what it takes (memory, FLOPs, disk) from the model's config.json alone; neither weights nor data need be there.", CommandOptionType.NoValue)]
    public bool ConfigOnly { get; set; }

    [Range(1e-3, 1e6, ErrorMessage = "{0} must be from 0.001 to 1000000.")]
    [Option("--tflops <X>", "The sustained rate that times are told for, 10^12 operations a second; default 100 (of a plan for the CPU 0.1).", CommandOptionType.SingleValue)]
    public double? Teraflops { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        if (ConfigOnly)
        {
            return TellCosts(terminal, interrupted);
        }

        var plan = MakePlan(interrupted, Over, Zip);
        var reused = plan.Points
            .SelectMany(point => point.Plan.Stages)
            .DistinctBy(stage => stage.Key)
            .Select(stage => (stage.Key, From: Cache.Find(stage.Key, interrupted)?.Name))
            .Where(stage => stage.From is not null)
            .ToDictionary(stage => stage.Key, stage => stage.From!, StringComparer.Ordinal);
        if (plan.File.IsSweep)
        {
            terminal.Output.Write(Json ? SeerJson.Text(SweepPlanDocument.Of(plan, reused)) : SweepPlanText.Of(plan, reused));
            return ExitCode.Done;
        }

        var single = plan.Points[0].Plan;
        var byId = single.Stages.Where(stage => reused.ContainsKey(stage.Key)).ToDictionary(stage => stage.Id, stage => reused[stage.Key], StringComparer.Ordinal);
        terminal.Output.Write(Json ? SeerJson.Text(PlanDocument.Of(single, byId)) : PlanText.Of(single, byId, Teraflops));
        return ExitCode.Done;
    }

    private int TellCosts(Terminal terminal, CancellationToken interrupted)
    {
        const double UsualTeraflops = 100;
        var costs = LoadRecipe(interrupted, Over, Zip).Points.Select(point => RunCost.Of(point.File, ChosenCompute())).ToList();
        terminal.Output.Write(Json ? SeerJson.Text(costs) : string.Join('\n', costs.Select(cost => RunCostText.Of(cost, Teraflops ?? UsualTeraflops))));
        return ExitCode.Done;
    }
}
