using SeerMoe.Recipes.Tasks;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes;

/// <summary>What no single key shows: names that refer to nothing, keys that exclude each other, steps out of order.</summary>
public static class RecipeChecks
{
    /// <summary>Everything wrong with it; values that could not be read are not blamed again.</summary>
    public static IEnumerable<Diagnostic> Check(Recipe recipe, RecipePlaces places) =>
    [
        .. Order(recipe, places),
        .. OfRounds(recipe, places),
        .. recipe.Data.SelectMany(source => OfData(source, places)),
        .. recipe.Step<CountStep>() is { } count ? TextData(recipe, count.Data, "count", places) : [],
        .. recipe.Step<PruneStep>() is { } prune ? OfPrune(recipe, prune, places) : [],
        .. recipe.Step<RegularizeStep>() is { } regularize ? OfRegularize(recipe, regularize, places) : [],
        .. recipe.Step<EvaluateStep>() is { } evaluate ? OfEvaluate(recipe, evaluate, places) : [],
    ];

    private static IEnumerable<Diagnostic> Order(Recipe recipe, RecipePlaces places)
    {
        if (recipe.Stages.Count == 0 && places.Has("stages") && !places.Unread("stages"))
        {
            yield return new Diagnostic(places.Of("stages"), "the recipe has no stages", $"Stages: {string.Join(", ", StepForms.Ids)}.");
        }

        for (var i = 0; i < recipe.Stages.Count; i++)
        {
            var id = recipe.Stages[i].Id;
            var earlier = recipe.Stages.Take(i).Select(step => step.Id).ToList();
            if (earlier.Contains(id))
            {
                yield return new Diagnostic(places.Of($"stages[{i}]"), $"a second {id} stage", "A run has one of each; make a second recipe of it.");
            }
            else if (earlier.Find(other => Rank(other) > Rank(id)) is { } later)
            {
                yield return new Diagnostic(places.Of($"stages[{i}]"), $"{id} can't come after {later}", $"The order is {string.Join(", ", StepForms.Ids)}.");
            }
        }
    }

    private static IEnumerable<Diagnostic> OfRounds(Recipe recipe, RecipePlaces places)
    {
        if (recipe.Rounds == 1 || places.Unread("stages"))
        {
            yield break;
        }

        if (recipe.Step<CountStep>() is null || recipe.Step<PruneStep>() is not { Plan: null })
        {
            yield return new Diagnostic(places.Of("rounds"), "rounds need a count stage and a prune stage without a plan file", "Each round counts anew and drops its share of the experts.");
        }
        else if (recipe.IsMasked)
        {
            yield return new Diagnostic(places.Of("rounds"), "a masked cut can't be counted again", "Leave 'cut' out of evaluate, or 'rounds'.");
        }
    }

    private static int Rank(string id) => StepForms.Ids.ToList().IndexOf(id);

    private static IEnumerable<Diagnostic> OfData(DataSource source, RecipePlaces places)
    {
        var path = $"data.{source.Name}";
        if (source.Format == DataFormat.Text && !places.Has($"{path}.format") && source.Path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Diagnostic(places.Of($"{path}.path"), $"{path} lacks a format, which a .jsonl file needs", "Write format: jsonl, tokens or choices (or text, if it is plain text after all).");
        }

        if (source.Format != DataFormat.JsonLines && !places.Unread($"{path}.format") && source.PromptField is not null)
        {
            yield return new Diagnostic(places.Of($"{path}.prompt_field"), $"{path}.prompt_field has no meaning here", "Only format: jsonl reads a prompt from a field.");
        }

        if (source.Format != DataFormat.JsonLines && !places.Unread($"{path}.format") && source.Field != DataSource.DefaultField)
        {
            yield return new Diagnostic(places.Of($"{path}.field"), $"{path}.field has no meaning here", "Only format: jsonl reads its text from a field.");
        }
    }

    private static IEnumerable<Diagnostic> OfPrune(Recipe recipe, PruneStep prune, RecipePlaces places)
    {
        if (places.Unread("prune") || places.Unread("prune.plan"))
        {
            yield break;
        }

        if (prune.Plan is not null)
        {
            foreach (var key in (string[])["criterion", "scope", "ratio", "keep", "min_experts"])
            {
                if (places.Has($"prune.{key}"))
                {
                    yield return new Diagnostic(places.Of($"prune.{key}"), $"prune.{key} has no meaning beside a plan file", $"A plan is applied as it stands: leave '{key}' out.");
                }
            }

            yield break;
        }

        if (recipe.Step<CountStep>() is null && !places.Unread("stages"))
        {
            yield return new Diagnostic(places.Of("prune"), "prune has no statistics to go by", "Put a count stage before it, or give it a plan file with 'plan'.");
        }

        var isRatioMissing = prune.Ratio is null && !places.Unread("prune.ratio");
        var isKeepMissing = prune.Keep is null && !places.Unread("prune.keep");
        if (isRatioMissing && isKeepMissing)
        {
            yield return new Diagnostic(places.Of("prune"), "prune lacks one of the keys 'ratio', 'keep' and 'plan'");
        }
        else if (prune.Ratio is not null && prune.Keep is not null)
        {
            yield return new Diagnostic(places.Of("prune.keep"), "prune.keep and prune.ratio exclude each other", "Give the share to drop, or the number to keep.");
        }
    }

    private static IEnumerable<Diagnostic> OfRegularize(Recipe recipe, RegularizeStep regularize, RecipePlaces places)
    {
        var options = regularize.Options;
        if (options.WarmUp > options.Steps && !places.Unread("regularize.steps"))
        {
            yield return new Diagnostic(places.Of("regularize.warm_up"), $"regularize.warm_up is longer than all {options.Steps} steps");
        }

        if (options.TopK is { } topK && topK.To > topK.From)
        {
            yield return new Diagnostic(places.Of("regularize.top_k.to"), $"regularize.top_k.to must be at most {topK.From} (its 'from'), not {topK.To}");
        }

        if (options.Lora is not null && options.Tune != Tune.Lora && !places.Unread("regularize.tune"))
        {
            yield return new Diagnostic(places.Of("regularize.lora"), "regularize.lora has no meaning here", "Say tune: lora, or leave it out.");
        }

        if (options.Lora is { Targets: default(LoraTargets) } && !places.Unread("regularize.lora.targets"))
        {
            yield return new Diagnostic(places.Of("regularize.lora.targets"), "regularize.lora.targets is empty", "Known: attention, experts, routers, dense.");
        }

        if (regularize.HeldOut == regularize.Data && regularize.Data.Length > 0)
        {
            yield return new Diagnostic(places.Of("regularize.held_out"), "regularize.held_out is what is trained on", "Name other data: a training is better on its own data whatever it does.");
        }

        var judged = regularize.HeldOut is null && !places.Unread("regularize.held_out") ? OfJudgement(options) : [];
        foreach (var key in judged)
        {
            yield return new Diagnostic(places.Of($"regularize.{key}"), $"regularize.{key} has no held-out data to go by", "Name data with 'held_out', or leave it out.");
        }

        IEnumerable<Diagnostic> faults =
        [
            .. TextData(recipe, regularize.Data, "regularize", places),
            .. regularize.HeldOut is { } heldOut && heldOut != regularize.Data ? TextData(recipe, heldOut, "regularize", places, key: "held_out") : [],
        ];
        foreach (var diagnostic in faults)
        {
            yield return diagnostic;
        }
    }

    private static IEnumerable<string> OfJudgement(TrainOptions options) =>
    [
        .. options.CheckEvery > 0 ? ["check_every"] : Array.Empty<string>(),
        .. options.Patience > 0 ? ["patience"] : Array.Empty<string>(),
        .. options.Accept == Accept.IfBetter ? ["accept"] : Array.Empty<string>(),
    ];

    private static IEnumerable<Diagnostic> OfEvaluate(Recipe recipe, EvaluateStep evaluate, RecipePlaces places)
    {
        if (evaluate.Tasks.Count == 0 && places.Has("evaluate.tasks") && !places.Unread("evaluate.tasks"))
        {
            yield return new Diagnostic(places.Of("evaluate.tasks"), "evaluate.tasks is empty", "Name data entries: choices are scored as multiple choice, text by perplexity, folders by the task of their name.");
        }

        for (var i = 0; i < evaluate.Tasks.Count; i++)
        {
            var task = evaluate.Tasks[i];
            if (evaluate.Tasks.Take(i).Any(earlier => earlier.Name == task.Name))
            {
                yield return new Diagnostic(places.Of($"evaluate.tasks[{i}]"), $"evaluate.tasks names '{task.Name}' twice");
            }
            else if (!places.Unread("data") && OfTask(recipe, task, $"evaluate.tasks[{i}]", places) is { } fault)
            {
                yield return fault;
            }
        }

        if (evaluate.Cut == Cut.Masked && recipe.Step<RegularizeStep>() is not null)
        {
            yield return new Diagnostic(places.Of("evaluate.cut"), "a masked cut can't be regularized", "Training needs the pruned checkpoint: leave 'cut' out, or the regularize stage.");
        }
        else if (evaluate.Cut == Cut.Masked && recipe.Step<PruneStep>() is null && !places.Unread("stages"))
        {
            yield return new Diagnostic(places.Of("evaluate.cut"), "there is no prune stage whose cut could be masked", "Leave 'cut' out, or add a prune stage.");
        }

        if (places.Has("evaluate.random_seeds") && !places.Unread("evaluate.random_seeds") && !places.Unread("evaluate.compare") && !evaluate.Compare.Contains(Comparison.Random))
        {
            yield return new Diagnostic(places.Of("evaluate.random_seeds"), "evaluate.random_seeds has no meaning here", "Only a random control draws by seeds: add 'random' to 'compare', or leave the key out.");
        }

        foreach (var diagnostic in Neighbours(recipe, evaluate, places))
        {
            yield return diagnostic;
        }
    }

    private static Diagnostic? OfTask(Recipe recipe, TaskChoice task, string path, RecipePlaces places)
    {
        var dataPlace = places.Of($"{path}.data");
        var taskPlace = places.Of($"{path}.task");
        return recipe.Find(task.Data) switch
        {
            _ when task.Task is { } word && !task.IsGeneration && !TaskCatalog.Knows(word) =>
                new Diagnostic(taskPlace, $"unknown task {YamlScalar.Cut(word)}", Hints.ForUnknown(word, [.. TaskCatalog.Names, GenerationTask.Word], "Known (or the path of a .yaml file)")),
            null when task.Task is null && TaskCatalog.Knows(task.Data) =>
                new Diagnostic(dataPlace, $"the task '{task.Data}' has no data", $"Add a data entry of format folder, and write {{ task: {task.Data}, data: its name }} here."),
            null when task.Task is null && DidYouMean.Nearest(task.Data, recipe.Data.Select(source => source.Name)) is null && DidYouMean.Nearest(task.Data, TaskCatalog.Names) is { } known =>
                new Diagnostic(dataPlace, $"unknown data {YamlScalar.Cut(task.Data)} in evaluate", $"Did you mean the task '{known}'? Add a data entry of format folder, and write {{ task: {known}, data: its name }} here."),
            null => Unknown(recipe, task.Data, "evaluate", dataPlace),
            { Format: DataFormat.Folder or DataFormat.Choices } when task.IsGeneration =>
                new Diagnostic(dataPlace, $"'{task.Data}' holds no text whose beginnings could be continued", "Name data of format text, jsonl or tokens."),
            _ when task.IsGeneration && (task.Shots, task.Limit) is not (0, null) =>
                new Diagnostic(taskPlace, "generation has neither 'shots' nor 'limit'", "Its keys are prompts, prompt_tokens and new_tokens."),
            _ when task.IsGeneration => null,
            _ when task.Generation is not null =>
                new Diagnostic(places.Of(path), "only the task generation has 'prompts', 'prompt_tokens' and 'new_tokens'", "Write { task: generation, data: .. }."),
            { Format: DataFormat.Folder } when !TaskCatalog.Knows(task.TaskName) =>
                new Diagnostic(taskPlace, $"unknown task {YamlScalar.Cut(task.TaskName)}", Hints.ForUnknown(task.TaskName, TaskCatalog.Names, "Known (or the path of a .yaml file)")),
            { Format: not DataFormat.Folder } when task.Task is not null =>
                new Diagnostic(dataPlace, $"'{task.Data}' is a file, and the task {task.Name} reads a folder", "Name data of format folder."),
            { Format: not DataFormat.Folder } when task != new TaskChoice(task.Data) =>
                new Diagnostic(dataPlace, $"'{task.Data}' is a file, which has neither 'shots' nor a 'limit' of its own", "Write its name alone; evaluate.limit is for all tasks."),
            _ => null,
        };
    }

    private static IEnumerable<Diagnostic> Neighbours(Recipe recipe, EvaluateStep evaluate, RecipePlaces places)
    {
        var prune = recipe.Step<PruneStep>();
        for (var i = 0; i < evaluate.Compare.Count && !places.Unread("stages"); i++)
        {
            var place = places.Of($"evaluate.compare[{i}]");
            if (evaluate.Compare.Take(i).Contains(evaluate.Compare[i]))
            {
                yield return new Diagnostic(place, "evaluate.compare has a word twice");
            }
            else if (evaluate.Compare[i] == Comparison.Base && prune is null && recipe.Step<RegularizeStep>() is null)
            {
                yield return new Diagnostic(place, "the recipe changes nothing that could be compared with its base", "Leave 'compare' out, or add a prune or regularize stage.");
            }
            else if (evaluate.Compare[i] == Comparison.Random && (prune is null || prune.Plan is not null))
            {
                yield return new Diagnostic(place, "a random control needs a prune stage with 'ratio' or 'keep'", "It drops as many experts at random as that stage drops by its criterion.");
            }
        }
    }

    private static IEnumerable<Diagnostic> TextData(Recipe recipe, string name, string step, RecipePlaces places, string key = "data")
    {
        if (name.Length == 0 || places.Unread("data"))
        {
            yield break;
        }

        if (recipe.Find(name) is not { } source)
        {
            yield return Unknown(recipe, name, step, places.Of($"{step}.{key}"));
        }
        else if (source.Format == DataFormat.Folder || (source.Format == DataFormat.Choices && step != RegularizeStep.Key))
        {
            yield return new Diagnostic(places.Of($"{step}.{key}"), $"'{name}' {(source.Format == DataFormat.Folder ? "is a folder" : "holds choices")}, and {step} reads text", "Name data of format text, jsonl or tokens.");
        }
    }

    private static Diagnostic Unknown(Recipe recipe, string name, string step, Place? place)
    {
        string[] known = [.. recipe.Data.Select(source => source.Name)];
        return new Diagnostic(place, $"unknown data {YamlScalar.Cut(name)} in {step}", Hints.ForUnknown(name, known, "Data of this recipe"));
    }
}
