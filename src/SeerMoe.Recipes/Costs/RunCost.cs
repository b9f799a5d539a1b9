using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Costs;

/// <summary>What a recipe will take on a model of which there is no more than its config.json.</summary>
/// <param name="Name">The recipe's.</param>
/// <param name="Environment">The device class and the precision it is for.</param>
/// <param name="Architecture">`model_type`.</param>
/// <param name="Footprint">Of the model before anything is done to it.</param>
/// <param name="Stages">In their order.</param>
public sealed record RunCost(string Name, EnvironmentInfo Environment, string Architecture, Footprint Footprint, ImmutableArray<StageCost> Stages)
{
    /// <summary>The same checks as of a plan, as far as no weights and no data are needed.</summary>
    /// <param name="file">The recipe; its model names the folder with config.json, or the file itself.</param>
    /// <param name="compute">Where, and in what precision.</param>
    /// <exception cref="RecipeException">Everything that can't work.</exception>
    /// <exception cref="InputException">There is no config.json, or the device is not there.</exception>
    public static RunCost Of(RecipeFile file, Compute compute)
    {
        var path = file.Resolve(file.Recipe.Model);
        var config = HfConfig.Read(Directory.Exists(path) ? Path.Combine(path, "config.json") : path);
        var environment = EnvironmentInfo.Of(compute);
        var model = PlannedModel.OfConfig(config);
        var faults = PlanChecks.Windows(file, model).ToList();
        var cut = file.Recipe.Step<PruneStep>() is { } prune ? PlanChecks.Prune(file, prune, model, faults) : null;
        faults.AddRange(file.Recipe.Step<RegularizeStep>() is { } regularize ? PlanChecks.Regularize(file, regularize, model, cut, environment) : []);
        if (faults.Count > 0)
        {
            throw new RecipeException(faults);
        }

        var costs = new StageCosts(file, model, config, cut, compute);
        return new RunCost(file.Recipe.Name, environment, model.Architecture, Footprint.Of(config), [.. file.Recipe.Rolled.Select(costs.Next)]);
    }
}
