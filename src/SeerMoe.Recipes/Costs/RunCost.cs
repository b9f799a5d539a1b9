using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
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
        var (size, environment) = (ModelSize.Of(config), EnvironmentInfo.Of(compute));
        var model = PlannedModel.OfConfig(config);
        var faults = PlanChecks.Windows(file, model).ToList();
        var cut = file.Recipe.Step<PruneStep>() is { } prune ? PlanChecks.Prune(file, prune, model, faults) : null;
        faults.AddRange(file.Recipe.Step<RegularizeStep>() is { } regularize ? PlanChecks.Regularize(file, regularize, model, cut, environment) : []);
        if (faults.Count > 0)
        {
            throw new RecipeException(faults);
        }

        var memory = new StageMemory(size, environment.Dtype == "float32" ? sizeof(float) : sizeof(float) / 2);
        var (tokens, disk) = (new StageTokens(file), new Estimate(file.Recipe, model, cut));
        var stages = ImmutableArray.CreateBuilder<StageCost>();
        PrunePlan? newest = null;
        foreach (var step in file.Recipe.Rolled)
        {
            var (ran, length) = (size.After(newest), Length(step));
            var passed = tokens.Of(step);
            newest = step is PruneStep && cut is not null ? disk.CutIn(step.Round) : newest;
            stages.Add(new StageCost(
                $"{stages.Count + 1}-{step.StageId}",
                passed,
                passed * ran.Flops(length) * (step is RegularizeStep training ? PassesAStep(training) : 1),
                Memory(step, ran.Parameters, newest),
                disk.DiskBytes(step)));
        }

        return new RunCost(file.Recipe.Name, environment, model.Architecture, size.Footprint, stages.ToImmutable());

        long Memory(Step step, long parameters, PrunePlan? plan) => step switch
        {
            CountStep count => memory.Forward(parameters, count.Options.Batch, count.Options.Window),
            RegularizeStep train => memory.Training(parameters, size.Trained(train.Options, plan), train.Options),

            // The full model, too, is measured where it is asked for, and a masked one is the full one.
            EvaluateStep evaluate => memory.Scoring(evaluate.Compare.Count > 0 || file.Recipe.IsMasked ? size.Footprint.Parameters : parameters, evaluate.Options.Batch, Length(step)),
            _ => 0,
        };

        long Length(Step step) => step switch
        {
            CountStep count => count.Options.Window,
            RegularizeStep train => train.Options.Window,
            EvaluateStep evaluate => evaluate.Options.Window ?? Math.Min(model.MaxPositions, StageTokens.UsualInput),
            _ => 1,
        };
    }

    /// <summary>Forward, backward by the inputs and by the weights cost the same each; recomputing is another forward.</summary>
    private static int PassesAStep(RegularizeStep train) => train.Options.Activations == Torch.Training.Activations.Recomputed ? 4 : 3;
}
