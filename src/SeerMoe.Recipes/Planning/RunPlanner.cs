using System.Collections.Immutable;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Costs;
using SeerMoe.Recipes.Locking;
using SeerMoe.Torch;

namespace SeerMoe.Recipes.Planning;

/// <summary>Recipe -> plan: finds and hashes the inputs, refuses what can't work, computes every stage's key. Runs and writes nothing.</summary>
public static class RunPlanner
{
    /// <param name="file">The recipe.</param>
    /// <param name="compute">Where it would run.</param>
    /// <param name="interrupted">Looked at while hashing.</param>
    /// <param name="digests">Spares the reading of inputs that were hashed before; null reads them all.</param>
    /// <param name="overlap">Remembers which data were found disjoint; null checks them anew.</param>
    /// <exception cref="RecipeException">Everything that is absent or can't work.</exception>
    /// <exception cref="InputException">The device is not there, or data that are learned from and data that judge overlap.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while hashing.</exception>
    public static RunPlan Plan(RecipeFile file, Compute compute, CancellationToken interrupted = default, DigestCache? digests = null, OverlapCheck? overlap = null)
    {
        var environment = EnvironmentInfo.Of(compute);
        var faults = PlanChecks.Data(file).ToList();
        faults.AddRange(faults.Count == 0 ? PlanChecks.Tasks(file) : []);
        PlannedModel? model = null;
        faults.AddRange(PlanChecks.Asked(file, "model", () => model = PlannedModel.Open(file.Resolve(file.Recipe.Model))));
        PrunePlan? cut = null;
        if (model is not null)
        {
            faults.AddRange(PlanChecks.Tokenizer(file, model));
            faults.AddRange(PlanChecks.Windows(file, model));
            cut = file.Recipe.Step<PruneStep>() is { } prune ? PlanChecks.Prune(file, prune, model, faults) : null;
            faults.AddRange(file.Recipe.Step<RegularizeStep>() is { } regularize ? PlanChecks.Regularize(file, regularize, model, cut, environment) : []);
        }

        if (faults.Count > 0)
        {
            throw new RecipeException(faults);
        }

        (overlap ?? new OverlapCheck()).Refuse(file, interrupted);

        return Whole(file, compute, environment, model!, cut, new InputFiles(file, model!, digests ?? new DigestCache(), interrupted));
    }

    private static RunPlan Whole(RecipeFile file, Compute compute, EnvironmentInfo environment, PlannedModel model, PrunePlan? cut, InputFiles inputs)
    {
        var costs = new StageCosts(file, model, HfConfig.Read(Path.Combine(model.Folder, "config.json")), cut, compute);
        var stages = ImmutableArray.CreateBuilder<PlannedStage>();
        foreach (var step in file.Recipe.Rolled)
        {
            var options = StageOptions.Of(file.Recipe, step);
            ImmutableArray<StageInput> read = [.. inputs.Of(step), .. Earlier(step, stages)];
            var key = StageKey.Of(step.StageId, options, read, environment);
            stages.Add(new PlannedStage(stages.Count + 1, step, options, read, key, StageText.Of(file.Recipe, step), costs.Next(step)));
        }

        return new RunPlan(file, compute, environment, model, inputs.All, stages.ToImmutable());
    }

    /// <summary>The stages whose output a step reads; all of them come before it, and each stands for all that it read itself.</summary>
    private static IEnumerable<StageInput> Earlier(Step step, IEnumerable<PlannedStage> stages)
    {
        string[] read = step switch
        {
            CountStep { Round: > 1 } => [PruneStep.Key, RegularizeStep.Key],
            PruneStep { Plan: null } => [CountStep.Key],
            RegularizeStep => [PruneStep.Key],
            EvaluateStep => [PruneStep.Key, RegularizeStep.Key],
            _ => [],
        };
        return stages.Where(stage => read.Contains(stage.Step.Id)).GroupBy(stage => stage.Step.Id).Select(rounds => rounds.Last()).Select(stage => new StageInput(stage.Id, stage.Key));
    }
}
