using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Tests.Yaml;

public sealed class AnyRecipe
{
    [Fact]
    public void Is_read_back_from_its_frozen_text_as_an_equal_record()
    {
        Prop.ForAll(Arb.From(Recipes), recipe => Example.Read(RecipeYaml.Write(recipe)).Equals(recipe)).QuickCheckThrowOnFailure();
    }

    private static readonly Gen<string> Names = Gen.Elements("a", "calibration", "b-2", "x_1", "null", "7", "v0.1", "true");

    // Nothing that a file system allows may break the text: quotes, colons, hashes, other scripts, astral characters.
    private static readonly Gen<string> Paths = Gen.Elements('a', '/', '.', '-', ' ', '"', '\'', '\\', ':', '#', '{', '[', ',', '&', '*', '!', '%', '@', '~', 'ä', '界', '\u2028', '\u0085', '\uFEFF')
        .NonEmptyListOf()
        .Select(letters => string.Concat(letters))
        .Where(path => !Path.IsPathRooted(path) && !path.Any(char.IsControl))
        .SelectMany(path => Gen.Elements(path, path + "😀", "null", "1e3", "- x", " padded "));

    private static readonly Gen<int> Positive = Gen.Choose(1, 1_000_000);

    // Any magnitude: the shortest text of a double must come back as the same double.
    private static readonly Gen<double> Weights = Gen.Choose(-300, 300).SelectMany(power => Gen.Choose(0, 999_999).Select(digits => digits * Math.Pow(10, power - 6)));

    private static readonly Gen<double> Shares = Gen.Choose(0, 999_999).Select(n => n / 1_000_000.0);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Constant<T?>(null), gen.Select(value => (T?)value));

    private static Gen<T> Any<T>()
        where T : struct, Enum => Gen.Elements(Enum.GetValues<T>());

    private static readonly Gen<DataSource> Sources =
        from name in Names
        from path in Paths
        from format in Any<DataFormat>()
        from field in Paths
        select new DataSource(name, path, format, format == DataFormat.JsonLines ? field : DataSource.DefaultField);

    private static readonly Gen<CountStep> Counts =
        from tokens in Maybe(Positive)
        from window in Positive
        from batch in Positive
        from shards in Gen.Choose(1, 1000)
        select new CountStep("text") { Shards = shards, Options = new CountOptions { Tokens = tokens, Window = window, Batch = batch } };

    private static readonly Gen<PruneStep> Decisions =
        from criterion in Gen.Elements(CriterionCatalog.Names.ToArray())
        from scope in Any<Scope>()
        from ratio in Maybe(Shares)
        from keep in Positive
        from least in Gen.Choose(0, 8)
        select new PruneStep { Criterion = criterion, Scope = scope, Ratio = ratio, Keep = ratio is null ? keep : null, MinExperts = least };

    private static readonly Gen<PruneStep> Prunes = Gen.OneOf(Decisions, Paths.Select(path => new PruneStep { Plan = path }));

    private static readonly Gen<TopKSchedule?> Schedules =
        from to in Gen.Choose(1, 8)
        from more in Gen.Choose(0, 8)
        from at in Shares
        from isSet in Gen.Elements(true, false)
        from schedule in Any<Annealing>()
        select isSet ? new TopKSchedule(to + more, to, at, schedule) : null;

    private static readonly Gen<LoraOptions?> Loras =
        from rank in Positive
        from alpha in Weights
        from dropout in Shares
        from targets in Gen.Choose(1, (int)LoraTargets.All)
        from save in Any<LoraSave>()
        from isSet in Gen.Elements(true, false)
        select isSet ? new LoraOptions(rank, alpha + double.Epsilon, dropout, (LoraTargets)targets, save) : null;

    private static readonly Gen<Func<TrainOptions, TrainOptions>> Refinements =
        from accumulate in Positive
        from packing in Maybe(Any<Packing>())
        from decayed in Any<Decayed>()
        from entropy in Any<EntropySchedule>()
        from balance in Any<BalanceSource>()
        from spike in Weights
        from lora in Loras
        from objective in Any<Objective>()
        from activations in Any<Activations>()
        select new Func<TrainOptions, TrainOptions>(options => options with
        {
            Accumulate = accumulate,
            Packing = packing,
            WeightDecayOn = decayed,
            EntropySchedule = entropy,
            Balance = balance,
            LossSpike = spike,
            Lora = options.Tune == Tune.Lora ? lora : null,
            Objective = objective,
            Activations = activations,
        });

    private static readonly Gen<TrainOptions> Trainings =
        from steps in Positive
        from batch in Positive
        from window in Gen.Choose(2, 1_000_000)
        from warmUp in Gen.Choose(0, 1000)
        from rate in Weights
        from decay in Any<LearningRateDecay>()
        from weights in Weights.Four()
        from topK in Schedules
        from tune in Any<Tune>()
        from order in Any<SequenceOrder>()
        from gate in Any<GateAtTop1>()
        from refine in Refinements
        select refine(new TrainOptions
        {
            Steps = steps,
            Batch = batch,
            Window = window,
            WarmUp = Math.Min(warmUp, steps),
            LearningRate = rate + double.Epsilon,
            Decay = decay,
            WeightDecay = weights.Item1,
            EntropyWeight = weights.Item2,
            BalanceWeight = weights.Item3,
            GradientClip = weights.Item4,
            TopK = topK,
            Tune = tune,
            Order = order,
            GateAtTop1 = gate,
        });

    private static Gen<EvaluateStep> Evaluations(DataSource[] sources, Comparison[] neighbours, Cut[] cuts) =>
        from chosen in Gen.SubListOf(sources)
        from shots in Gen.Choose(0, 5)
        from ownLimit in Maybe(Positive)
        from compare in Gen.SubListOf(neighbours)
        from seeds in Positive
        from window in Maybe(Positive)
        from batch in Positive
        from limit in Maybe(Positive)
        from cut in Gen.Elements(cuts)
        select new EvaluateStep([.. chosen.Select(source => Task(source, shots, ownLimit)).DefaultIfEmpty("text")])
        {
            Cut = cut,
            Compare = [.. compare],
            RandomSeeds = compare.Contains(Comparison.Random) ? seeds : new EvaluateStep([]).RandomSeeds,
            Options = new EvaluateOptions { Window = window, Batch = batch, Limit = limit },
        };

    // A folder may have any task; a task file gives it one of the same name.
    private static TaskChoice Task(DataSource source, int shots, int? limit) =>
        source.Format == DataFormat.Folder ? new TaskChoice(source.Name, $"tasks/{source.Name}.yaml", shots, limit) : source.Name;

    private static readonly Gen<Recipe> Recipes =
        from name in Names
        from seed in Gen.Choose(0, int.MaxValue)
        from model in Paths
        from others in Sources.ListOf()
        from count in Counts
        from prune in Prunes
        from training in Trainings
        from isTrained in Gen.Elements(true, false)
        let data = others.DistinctBy(source => source.Name).Prepend(new DataSource("text", "text.txt")).ToList()
        from evaluate in Evaluations([.. data], prune.Plan is null ? [Comparison.Base, Comparison.Random] : [Comparison.Base], isTrained ? [Cut.Written] : [Cut.Written, Cut.Masked])
        let steps = isTrained ? (Step[])[count, prune, new RegularizeStep("text") { Options = training }, evaluate] : [count, prune, evaluate]
        select new Recipe(name, seed * 4_294_967_296L / 2, model, [.. data], [.. steps]);
}
