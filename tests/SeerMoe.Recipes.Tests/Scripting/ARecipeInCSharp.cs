using SeerMoe.Recipes.Locking;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Tests.Scripting;

public sealed class ARecipeInCSharp : IDisposable
{
    private readonly Script _script = new();

    public void Dispose() => _script.Dispose();

    [Fact]
    public void Is_the_record_that_YAML_of_the_same_steps_gives()
    {
        var (csharp, yaml) = (_script.Load(Script.Text).Recipe, _script.Project.Load().Recipe);

        Assert.Equal(yaml, csharp);
        Assert.Equal(new FrozenRecipe(yaml).Text, new FrozenRecipe(csharp).Text);
    }

    [Fact]
    public void Has_the_stage_keys_of_the_same_recipe_in_YAML()
    {
        Assert.Equal(_script.Project.Plan().Stages.Select(stage => stage.Key), _script.Plan(Script.Text).Stages.Select(stage => stage.Key));
    }

    [Fact]
    public void Has_words_for_every_key_of_every_step()
    {
        var recipe = _script.Load(
            """
            Name = "all";
            AllowOverlap = true;
            Model = "model";
            Data(name: "a", path: "a.jsonl", format: Jsonl, field: "body", promptField: "head");
            Data("b", "b.txt");
            Count("a", tokens: 100, window: 8, batch: 3, shards: 2);
            Prune(criterion: "random", scope: Scope.Global, keep: 6, minExperts: 2);
            Regularize("a", heldOut: "b", steps: 5, batch: 2, accumulate: 3, window: 9, packing: Packing.Padded, learningRate: 1e-5, warmUp: 1, decay: LearningRateDecay.Linear,
                weightDecay: 0.5, weightDecayOn: Decayed.Matrices, entropyWeight: 0.2, entropySchedule: EntropySchedule.Rising, balance: BalanceSource.Family, balanceWeight: 0.25,
                gradientClip: 2, lossSpike: 1.5, topK: TopK(2, 1, at: 0.75, Annealing.Ramp), tune: Tune.Lora,
                lora: Lora(rank: 8, alpha: 4, dropout: 0.1, LoraTargets.Attention | LoraTargets.Routers, LoraSave.Adapter), objective: Objective.Distill,
                activations: Activations.Recomputed, order: SequenceOrder.File, gateAtTop1: GateAtTop1.StraightThrough, checkEvery: 2, patience: 3, accept: Accept.IfBetter);
            Data(name: "mmlu", path: "mmlu", format: DataFormat.Folder);
            Evaluate(["a", KnownTask("mmlu", data: "mmlu", shots: 5, limit: 3), Generation(data: "a", prompts: 4, newTokens: 16)], [Comparison.Random], randomSeeds: 4, window: 10, batch: 5, limit: 6, cut: Cut.Written);
            """).Recipe;

        Assert.Equal(
            _script.Project.LoadYaml(
                """
                name: all
                allow_overlap: true
                model: model
                data:
                  a: { path: a.jsonl, format: jsonl, field: body, prompt_field: head }
                  b: { path: b.txt }
                  mmlu: { path: mmlu, format: folder }
                stages:
                  - count: { data: a, tokens: 100, window: 8, batch: 3, shards: 2 }
                  - prune: { criterion: random, scope: global, keep: 6, min_experts: 2 }
                  - regularize: { data: a, held_out: b, steps: 5, batch: 2, accumulate: 3, window: 9, packing: padded, learning_rate: 1e-5, warm_up: 1, decay: linear,
                      weight_decay: 0.5, weight_decay_on: matrices, entropy_weight: 0.2, entropy_schedule: rising, balance: family, balance_weight: 0.25,
                      gradient_clip: 2, loss_spike: 1.5, top_k: { from: 2, to: 1, at: 0.75, schedule: ramp }, tune: lora,
                      lora: { rank: 8, alpha: 4, dropout: 0.1, targets: [attention, routers], save: adapter }, objective: distill,
                      activations: recomputed, order: file, gate_at_top1: straight-through, check_every: 2, patience: 3, accept: if-better }
                  - evaluate: { tasks: [a, { task: mmlu, data: mmlu, shots: 5, limit: 3 }, { task: generation, data: a, prompts: 4, prompt_tokens: 32, new_tokens: 16 }], compare: [random], random_seeds: 4, window: 10, batch: 5, limit: 6 }
                """),
            recipe);
        Assert.Equal((GateAtTop1.StraightThrough, Tune.Lora), (recipe.Step<RegularizeStep>()!.Options.GateAtTop1, recipe.Step<RegularizeStep>()!.Options.Tune));
    }

    [Fact]
    public void Chooses_by_conditions_and_loops()
    {
        var recipe = _script.Load(Script.With(
            "Prune(criterion: \"soft\", scope: Scope.Layer, ratio: 0.25);",
            """
            var ratio = 0.0;
            for (var experts = 4; experts > 3; experts--)
            {
                ratio += 0.25;
            }

            if (ratio < 0.5)
            {
                Prune(scope: Scope.Layer, ratio: ratio);
            }
            """)).Recipe;

        Assert.Equal(_script.Project.Load().Recipe, recipe);
    }

    [Fact]
    public void Is_overridden_like_YAML()
    {
        string[] overrides = ["prune.ratio=0.5", "regularize.top_k.at=0.75", "evaluate.tasks=[facts]", "seed=18"];

        Assert.Equal(_script.Project.Load(overrides).Recipe, _script.Load(Script.Text, overrides).Recipe);
    }

    [Fact]
    public void Finds_its_own_files_by_its_folder_and_may_wait_for_them()
    {
        var recipe = _script.Load(Script.With("Seed = 17;", "Seed = (await File.ReadAllLinesAsync(Path.Combine(Folder, \"recipe.yaml\"))).Length + Seed;")).Recipe;

        Assert.Equal(File.ReadAllLines(_script.Project["recipe.yaml"]).Length, recipe.Seed);
    }

    [Fact]
    public void Prints_to_stderr_because_stdout_carries_results_only()
    {
        using var error = new StringWriter();
        var before = Console.Error;
        Console.SetError(error);
        try
        {
            _script.Load("Console.Write(\"what a script says\");\n" + Script.Text);
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Contains("what a script says", error.ToString(), StringComparison.Ordinal);
    }
}
