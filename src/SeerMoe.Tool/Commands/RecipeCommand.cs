using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Digests;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Caching;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>What `plan` and `run` share: they plan the same way, so a plan shows exactly what a run does.</summary>
public abstract class RecipeCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "RECIPE", "A .yaml file, or a .csx script.")]
    public string Recipe { get; set; } = "";

    [Option("--set <SETTING>", "stage.key=value changes the recipe for once: --set prune.ratio=0.5; may be repeated.", CommandOptionType.MultipleValue)]
    public string[] Set { get; set; } = [];

    [Option("--output <DIR>", "Runs stand in it as <recipe name>/<number>/; default: runs.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "runs";

    /// <summary>What was done before in any run of the folder.</summary>
    protected StageCache Cache => field ??= new StageCache(Output, new DigestCache(Path.Combine(UserFolders.Cache, "digests")));

    /// <exception cref="RecipeException">Everything that is wrong with the recipe.</exception>
    /// <exception cref="InputException">The file can't be read, or --memory does not hold the model.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while a script ran or files were hashed.</exception>
    protected RunPlan MakePlan(CancellationToken interrupted)
    {
        string[] settings = Seed is { } seed ? [.. Set, $"seed={seed}"] : Set;
        var compute = ChosenCompute();
        var plan = RunPlanner.Plan(RecipeFile.Load(Recipe, settings, interrupted), compute, interrupted, Cache.Digests);
        RefuseTooLarge(plan.Model.Footprint, compute);
        return plan;
    }
}
