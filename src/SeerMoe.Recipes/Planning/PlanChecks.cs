using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Tokenization;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Planning;

/// <summary>What arithmetic and a look at the files refuse before anything runs.</summary>
internal static class PlanChecks
{
    /// <summary>Every data file that a stage reads is there, and has something in it.</summary>
    public static IEnumerable<Diagnostic> Data(RecipeFile file)
    {
        foreach (var source in file.Recipe.Stages.SelectMany(step => StageOptions.DataOf(file.Recipe, step)).Distinct())
        {
            var found = new FileInfo(file.Resolve(source.Path));
            if (source.Format == DataFormat.Folder)
            {
                if (!Directory.Exists(found.FullName))
                {
                    yield return file.Fault($"data.{source.Name}.path", $"there is no folder '{source.Path}'", $"It was looked for at {found.FullName}.");
                }
            }
            else if (!found.Exists || found.Length == 0)
            {
                yield return file.Fault($"data.{source.Name}.path", found.Exists ? $"the file '{source.Path}' is empty" : $"there is no file '{source.Path}'", $"It was looked for at {found.FullName}.");
            }
        }
    }

    /// <summary>Every known task finds its files, with as many rows as were published, and each row is whole; no two results have one name.</summary>
    public static IEnumerable<Diagnostic> Tasks(RecipeFile file)
    {
        if (file.Recipe.Step<EvaluateStep>() is not { } evaluate)
        {
            yield break;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < evaluate.Tasks.Count; i++)
        {
            var key = $"evaluate.tasks[{i}]";
            IEvalTask? task = null;
            var faults = Asked(file, key, () =>
            {
                task = PlannedTasks.Of(file, evaluate.Tasks[i]);
                (task as DefinedTask)?.Check();
            });
            foreach (var fault in faults)
            {
                yield return fault;
            }

            if (task is not null && !names.Add(task.Name))
            {
                yield return file.Fault(key, $"a second task has the name '{task.Name}'", "Results go by name: give one of them another.");
            }
        }
    }

    /// <summary>The checkpoint has a tokenizer where anything but tokens is read.</summary>
    public static IEnumerable<Diagnostic> Tokenizer(RecipeFile file, PlannedModel model)
    {
        var needsIt = file.Recipe.Stages.SelectMany(step => StageOptions.DataOf(file.Recipe, step)).FirstOrDefault(source => source.Format != DataFormat.Tokens);
        return needsIt is null ? [] : Asked(file, $"data.{needsIt.Name}", () => TokenizerFolder.Open(model.Folder));
    }

    /// <summary>No window is longer than what the model was made for. Token lines are not cut into windows.</summary>
    public static IEnumerable<Diagnostic> Windows(RecipeFile file, PlannedModel model)
    {
        foreach (var step in file.Recipe.Stages)
        {
            var window = step switch
            {
                CountStep count => count.Options.Window,
                RegularizeStep regularize => regularize.Options.Window,
                EvaluateStep evaluate => evaluate.Options.Window,
                _ => null,
            };
            foreach (var choice in step is EvaluateStep { Tasks: var tasks } ? tasks.Where(task => task.IsGeneration) : [])
            {
                var options = choice.Generation ?? new GenerationOptions();
                if ((long)options.PromptTokens + options.NewTokens > model.MaxPositions)
                {
                    yield return file.Fault("evaluate.tasks", $"{options.PromptTokens} prompt tokens and {options.NewTokens} new ones are more than the {model.MaxPositions} that the model was made for (max_position_embeddings)", "Ask for fewer of either.");
                }
            }

            if (window > model.MaxPositions && StageOptions.DataOf(file.Recipe, step).Any(source => source.Format != DataFormat.Tokens))
            {
                yield return file.Fault($"{step.Id}.window", $"{step.Id}.window can't be {window}: the model was made for {model.MaxPositions} tokens (max_position_embeddings)", $"Say window: {model.MaxPositions} or less.");
            }
        }
    }

    /// <summary>The plan that a prune step amounts to, as far as numbers of experts go; null, with faults, where it can't be.</summary>
    public static PrunePlan? Prune(RecipeFile file, PruneStep step, PlannedModel model, List<Diagnostic> faults)
    {
        PrunePlan? plan = null;
        faults.AddRange(Asked(file, "prune", () => RefuseUncounted(step, model)));
        if (step.Plan is { } path)
        {
            faults.AddRange(Asked(file, "prune.plan", () =>
            {
                var read = PrunePlanFile.Read(file.Resolve(path));
                PruneChecks.RefuseUnfit(read, model.Shape, path);
                plan = read;
            }));
            return plan;
        }

        if (step.Criterion is { Source: not null, Score: null } criterion)
        {
            faults.Add(file.Fault("prune.criterion", $"the criterion '{criterion.Name}' is C#, of which YAML holds only the text", "Run the .csx script that it was written in."));
        }

        faults.AddRange(Asked(
            file,
            refused => refused == "min_experts" ? "prune.min_experts" : refused == "rounds" ? "rounds" : step.Keep is null ? "prune.ratio" : "prune.keep",
            () =>
            {
                var rounds = file.Recipe.Rounds;
                var drawn = Enumerable.Range(1, rounds).Select(round => BlankStatistics.RandomPlan(step with { Round = round }, rounds, model.Architecture, model.Shape, file.Recipe.Seed)).ToList();
                drawn.ForEach(PruneChecks.RefuseNoOp);
                plan = drawn[^1];
            }));
        return plan;
    }

    /// <summary>Said before hours of counting: such a checkpoint can be copied and not cut.</summary>
    private static void RefuseUncounted(PruneStep step, PlannedModel model)
    {
        if (step.Ratio != 0 && model.Shape.NextTokenLayers > 0 && !model.Files.IsEmpty)
        {
            using var checkpoint = Checkpoint.Open(model.Folder);
            ExpertChecks.RefuseUncountedLayers(checkpoint, ArchitectureCatalog.For(checkpoint.Config), model.Shape);
        }
    }

    private static void RefuseQuantised(Tune tune, PlannedModel model)
    {
        if (model.Files.IsEmpty)
        {
            return; // a config alone: there are no weights to be quantised
        }

        using var checkpoint = Checkpoint.Open(model.Folder);
        TrainChecks.RefuseQuantised(tune, checkpoint);
    }

    /// <summary>Tokens are sent to no more experts than the thinnest layer has, and training has its precision.</summary>
    public static IEnumerable<Diagnostic> Regularize(RecipeFile file, RegularizeStep step, PlannedModel model, PrunePlan? plan, EnvironmentInfo environment)
    {
        if (environment.Dtype == "float16")
        {
            yield return file.Fault("regularize", "training runs in float32 or bfloat16, not in float16", "Say --dtype bfloat16.");
        }

        foreach (var fault in Asked(file, "regularize.balance", () => FamilyBalance.Resolved(step.Options, HfConfig.Read(Path.Combine(model.Folder, "config.json"))))
            .Concat(Asked(file, "regularize.tune", () => RefuseQuantised(step.Options.Tune, model))))
        {
            yield return fault;
        }

        // Only a gate other than the default shows that it was asked for: a frozen recipe writes out every default.
        if (step.Options.GateAtTop1 != new TrainOptions().GateAtTop1 && (step.Options.TopK?.To ?? model.Shape.TopK) is > 1 and var last)
        {
            yield return file.Fault("regularize.gate_at_top1", $"regularize.gate_at_top1 has no meaning here: top-K is never 1, but at least {last}", "Leave it out, or anneal with top_k: { from: 2, to: 1 }.");
        }

        var most = model.Shape.MostTopK(Thinnest(model, plan, file.Recipe.Step<PruneStep>()));
        if (step.Options.TopK is { } topK && topK.From > most)
        {
            yield return file.Fault("regularize.top_k.from", $"regularize.top_k.from can't be {topK.From}: the layer with the fewest experts has {(plan is null ? "" : "at most ")}{most}", $"Start at {most} or less.");
        }
    }

    /// <summary>Experts of the smallest layer. With global scope nobody knows before the count, but it has no more than the mean.</summary>
    private static int Thinnest(PlannedModel model, PrunePlan? plan, PruneStep? step)
    {
        if (plan is null)
        {
            return model.Shape.Experts.Min();
        }

        var survivors = model.Shape.MoeLayers.Select((layer, i) => plan.Layers.FirstOrDefault(planned => planned.Layer == layer)?.Survivors.Length ?? model.Shape.Experts[i]).ToList();
        return step is { Plan: null, Scope: Scope.Global } ? survivors.Sum() / survivors.Count : survivors.Min();
    }

    /// <summary>The fault, if the engine refuses.</summary>
    public static IEnumerable<Diagnostic> Asked(RecipeFile file, string key, Action ask) => Asked(file, _ => key, ask);

    private static List<Diagnostic> Asked(RecipeFile file, Func<string, string> keyOf, Action ask)
    {
        try
        {
            ask();
            return [];
        }
        catch (InputException refusal)
        {
            var where = Path.IsPathRooted(refusal.Where) ? $" ({refusal.Where})" : "";
            return [file.Fault(keyOf(refusal.Where), refusal.What.TrimEnd('.') + where, refusal.WhatToDo)];
        }
    }
}
