using System.Diagnostics;
using System.Text.Json.Nodes;
using SeerMoe.Pruning;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Yaml;

/// <summary>Every key of every step: its form, and the member of the record that it fills.</summary>
internal static class StepForms
{
    private static readonly NumberForm<int> Positive = NumberForm<int>.From(1);
    private static readonly NumberForm<double> NotNegative = NumberForm<double>.From(0);

    private static readonly RecordForm<TopKSchedule> TopK = new RecordForm<TopKSchedule>("top_k", () => new TopKSchedule(1, 1))
        .Key("from", Positive, t => t.From, (t, v) => t with { From = v }, required: true)
        .Key("to", Positive, t => t.To, (t, v) => t with { To = v }, required: true)
        .Key("schedule", new ChoiceForm<Annealing>("schedule", RecipeWords.Annealings), t => t.Schedule, (t, v) => t with { Schedule = v })
        .Key("at", NumberForm<double>.Between(0, 1), t => t.At, (t, v) => t with { At = v });

    private static readonly RecordForm<LoraOptions> Lora = new RecordForm<LoraOptions>("lora", () => new LoraOptions())
        .Key("rank", Positive, l => l.Rank, (l, v) => l with { Rank = v })
        .Key("alpha", NumberForm<double>.Above(0), l => l.Alpha, (l, v) => l with { Alpha = v })
        .Key("dropout", NumberForm<double>.FromBelow(0, 1), l => l.Dropout, (l, v) => l with { Dropout = v })
        .Key(
            "targets",
            new ListForm<LoraTargets>(new ChoiceForm<LoraTargets>("target", RecipeWords.Targets)),
            l => [.. RecipeWords.Targets.Select(target => target.Value).Where(target => l.Targets.HasFlag(target))],
            (l, v) => l with { Targets = v.Aggregate(default(LoraTargets), (all, target) => all | target) })
        .Key("save", new ChoiceForm<LoraSave>("save", RecipeWords.LoraSaves), l => l.Save, (l, v) => l with { Save = v });

    public static readonly RecordForm<CountStep> Count = new RecordForm<CountStep>(CountStep.Key, () => new CountStep(""))
        .Key("data", TextForm.Any, s => s.Data, (s, v) => s with { Data = v }, required: true)
        .Key("tokens", NumberForm<long>.From(1), s => s.Options.Tokens, (s, v) => s with { Options = s.Options with { Tokens = v } })
        .Key("window", Positive, s => s.Options.Window, (s, v) => s with { Options = s.Options with { Window = v } })
        .Key("batch", Positive, s => s.Options.Batch, (s, v) => s with { Options = s.Options with { Batch = v } })
        // One shard is no sharding, and masking is said of a prune stage: neither is written where it has no meaning.
        .Key("shards", NumberForm<int>.Between(1, 1000), s => s.Shards > 1 ? s.Shards : null, (s, v) => s with { Shards = v });

    public static readonly RecordForm<PruneStep> Prune = new RecordForm<PruneStep>(PruneStep.Key, () => new PruneStep())
        .Key("plan", PathForm.Instance, s => s.Plan, (s, v) => s with { Plan = v })
        // A plan file stands instead of the keys that decide, so those are not written beside it.
        .Key("criterion", CriterionForm.Instance, s => s.Plan is null ? s.Criterion : null, (s, v) => s with { Criterion = v })
        .Key("scope", new ChoiceForm<Scope>("scope", RecipeWords.Scopes), s => s.Plan is null ? s.Scope : null, (s, v) => s with { Scope = v })
        .Key("ratio", NumberForm<double>.FromBelow(0, 1), s => s.Ratio, (s, v) => s with { Ratio = v })
        .Key("keep", Positive, s => s.Keep, (s, v) => s with { Keep = v })
        .Key("min_experts", NumberForm<int>.From(0), s => s.Plan is null ? s.MinExperts : null, (s, v) => s with { MinExperts = v });

    public static readonly RecordForm<RegularizeStep> Regularize = new RecordForm<RegularizeStep>(RegularizeStep.Key, () => new RegularizeStep(""))
        .Key("data", TextForm.Any, s => s.Data, (s, v) => s with { Data = v }, required: true)
        .Key("held_out", TextForm.Any, s => s.HeldOut, (s, v) => s with { HeldOut = v })
        .Key("steps", Positive, s => s.Options.Steps, (s, v) => s.With(o => o with { Steps = v }))
        .Key("batch", Positive, s => s.Options.Batch, (s, v) => s.With(o => o with { Batch = v }))
        .Key("accumulate", Positive, s => s.Options.Accumulate, (s, v) => s.With(o => o with { Accumulate = v }))
        .Key("window", NumberForm<int>.From(2), s => s.Options.Window, (s, v) => s.With(o => o with { Window = v }))
        .Key("packing", new ChoiceForm<Packing>("packing", RecipeWords.Packings), s => s.Options.Packing, (s, v) => s.With(o => o with { Packing = v }))
        .Key("learning_rate", NumberForm<double>.Above(0), s => s.Options.LearningRate, (s, v) => s.With(o => o with { LearningRate = v }))
        .Key("warm_up", NumberForm<int>.From(0), s => s.Options.WarmUp, (s, v) => s.With(o => o with { WarmUp = v }))
        .Key("decay", new ChoiceForm<LearningRateDecay>("decay", RecipeWords.Decays), s => s.Options.Decay, (s, v) => s.With(o => o with { Decay = v }))
        .Key("weight_decay", NotNegative, s => s.Options.WeightDecay, (s, v) => s.With(o => o with { WeightDecay = v }))
        .Key("weight_decay_on", new ChoiceForm<Decayed>("weight_decay_on", RecipeWords.DecayedSets), s => s.Options.WeightDecayOn, (s, v) => s.With(o => o with { WeightDecayOn = v }))
        .Key("entropy_weight", NotNegative, s => s.Options.EntropyWeight, (s, v) => s.With(o => o with { EntropyWeight = v }))
        .Key("entropy_schedule", new ChoiceForm<EntropySchedule>("entropy_schedule", RecipeWords.EntropySchedules), s => s.Options.EntropySchedule, (s, v) => s.With(o => o with { EntropySchedule = v }))
        .Key("balance", new ChoiceForm<BalanceSource>("balance", RecipeWords.BalanceSources), s => s.Options.Balance, (s, v) => s.With(o => o with { Balance = v }))
        .Key("balance_weight", NotNegative, s => s.Options.BalanceWeight, (s, v) => s.With(o => o with { BalanceWeight = v }))
        .Key("gradient_clip", NotNegative, s => s.Options.GradientClip, (s, v) => s.With(o => o with { GradientClip = v }))
        .Key("loss_spike", NotNegative, s => s.Options.LossSpike, (s, v) => s.With(o => o with { LossSpike = v }))
        .Key("top_k", TopK, s => s.Options.TopK, (s, v) => s.With(o => o with { TopK = v }))
        .Key("tune", new ChoiceForm<Tune>("tune", RecipeWords.Tunes), s => s.Options.Tune, (s, v) => s.With(o => o with { Tune = v }))
        .Key("lora", Lora, s => s.Options.Lora, (s, v) => s.With(o => o with { Lora = v }))
        .Key("objective", new ChoiceForm<Objective>("objective", RecipeWords.Objectives), s => s.Options.Objective, (s, v) => s.With(o => o with { Objective = v }))
        .Key("activations", new ChoiceForm<Activations>("activations", RecipeWords.ActivationChoices), s => s.Options.Activations, (s, v) => s.With(o => o with { Activations = v }))
        .Key("order", new ChoiceForm<SequenceOrder>("order", RecipeWords.Orders), s => s.Options.Order, (s, v) => s.With(o => o with { Order = v }))
        .Key("gate_at_top1", new ChoiceForm<GateAtTop1>("gate_at_top1", RecipeWords.Gates), s => s.Options.GateAtTop1, (s, v) => s.With(o => o with { GateAtTop1 = v }))
        .Key("check_every", NumberForm<int>.From(0), s => s.Options.CheckEvery, (s, v) => s.With(o => o with { CheckEvery = v }))
        .Key("patience", NumberForm<int>.From(0), s => s.Options.Patience, (s, v) => s.With(o => o with { Patience = v }))
        .Key("accept", new ChoiceForm<Accept>("accept", RecipeWords.Accepts), s => s.Options.Accept, (s, v) => s.With(o => o with { Accept = v }));

    public static readonly RecordForm<EvaluateStep> Evaluate = new RecordForm<EvaluateStep>(EvaluateStep.Key, () => new EvaluateStep([]))
        .Key("tasks", new ListForm<TaskChoice>(new TaskChoiceForm()), s => s.Tasks, (s, v) => s with { Tasks = v }, required: true)
        .Key("cut", new ChoiceForm<Cut>("cut", RecipeWords.Cuts), s => s.Cut == Cut.Masked ? s.Cut : null, (s, v) => s with { Cut = v })
        .Key("compare", new ListForm<Comparison>(new ChoiceForm<Comparison>("comparison", RecipeWords.Comparisons)), s => s.Compare, (s, v) => s with { Compare = v })
        .Key("random_seeds", Positive, s => s.Compare.Contains(Comparison.Random) ? s.RandomSeeds : null, (s, v) => s with { RandomSeeds = v })
        .Key("window", Positive, s => s.Options.Window, (s, v) => s with { Options = s.Options with { Window = v } })
        .Key("batch", Positive, s => s.Options.Batch, (s, v) => s with { Options = s.Options with { Batch = v } })
        .Key("limit", Positive, s => s.Options.Limit, (s, v) => s with { Options = s.Options with { Limit = v } });

    /// <summary>The steps in the only order in which they may stand in a recipe.</summary>
    public static readonly IReadOnlyList<string> Ids = [CountStep.Key, PruneStep.Key, RegularizeStep.Key, EvaluateStep.Key];

    /// <summary>Reads the options of the step <paramref name="id"/>; what is wrong with them is reported and left at its default.</summary>
    public static Step Read(string id, YamlNode node, string path, Reading reading) => id switch
    {
        CountStep.Key => Count.Read(node, path, reading),
        PruneStep.Key => Prune.Read(node, path, reading),
        RegularizeStep.Key => Regularize.Read(node, path, reading),
        EvaluateStep.Key => Evaluate.Read(node, path, reading),
        _ => throw new UnreachableException(),
    };

    /// <summary>The step's options in canonical form: every key in the order above, defaults filled in.</summary>
    public static JsonObject Write(Step step) => (JsonObject)(step switch
    {
        CountStep count => Count.Write(count),
        PruneStep prune => Prune.Write(prune),
        RegularizeStep regularize => Regularize.Write(regularize),
        EvaluateStep evaluate => Evaluate.Write(evaluate),
        _ => throw new UnreachableException(),
    });

    private static RegularizeStep With(this RegularizeStep step, Func<TrainOptions, TrainOptions> change) => step with { Options = change(step.Options) };
}
