using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Planning;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer plan`: what `seer run` would do.</summary>
[Command(
    "plan",
    Description = "Prints what `run` would do with the same recipe: stages (to run, or reused), inputs, keys, disk. Runs nothing.",
    ExtendedHelpText = "dotnet seer plan recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class PlanCommand : RecipeCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var plan = MakePlan(interrupted);
        var reused = plan.Stages
            .Select(stage => (stage.Id, From: Cache.Find(stage.Key, interrupted)?.Name))
            .Where(stage => stage.From is not null)
            .ToDictionary(stage => stage.Id, stage => stage.From!, StringComparer.Ordinal);
        terminal.Output.Write(Json ? SeerJson.Text(PlanDocument.Of(plan, reused)) : PlanText.Of(plan, reused));
        return ExitCode.Done;
    }
}
