using System.Runtime.CompilerServices;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Scripting;

/// <summary>
/// The words of a C# recipe: those of YAML, in C#'s spelling. What is left out has the same default, and every value is checked the same way.
/// <code>
/// Name = "quickstart";
/// Seed = 17;
/// Model = "../examples/tiny-moe";
/// Data("calibration", "../examples/corpus/calibration.jsonl", Jsonl);
/// Count(data: "calibration", tokens: 65536, window: 256);
/// Prune(criterion: "soft", scope: Scope.Global, ratio: 0.25);
/// </code>
/// </summary>
/// <remarks>The file and line of each call are filled in by the compiler; leave them out.</remarks>
public sealed class RecipeGlobals
{
    public const DataFormat Text = DataFormat.Text;
    public const DataFormat Jsonl = DataFormat.JsonLines;
    public const DataFormat Tokens = DataFormat.Tokens;
    public const DataFormat Choices = DataFormat.Choices;

    private readonly ScriptTree _tree;
    private readonly ScriptPlaces _places;

    internal RecipeGlobals(ScriptTree tree, ScriptPlaces places, string folder) => (_tree, _places, Folder) = (tree, places, folder);

    /// <summary>Full path of the script's folder. Paths of the recipe start there by themselves; those that the script opens need it.</summary>
    public string Folder { get; }

    /// <summary>Names the run's folder.</summary>
    public string Name
    {
        get;
        set => Set(field = value);
    } = "";

    /// <summary>The seed of everything random in the run.</summary>
    public long Seed
    {
        get;
        set => Set(field = value);
    }

    /// <summary>Threads of the CPU that every stage computes with.</summary>
    public int Threads
    {
        get;
        set => Set(field = value);
    }

    /// <summary>How often count, prune and regularize are done.</summary>
    public int Rounds
    {
        get;
        set => Set(field = value);
    }

    /// <summary>Folder of the checkpoint, relative to the script's.</summary>
    public string Model
    {
        get;
        set => Set(field = value);
    } = "";

    /// <summary>Whether documents may be both learned from and judged by; such a run is refused otherwise.</summary>
    public bool AllowOverlap
    {
        get;
        set => Set(field = value);
    }

    /// <summary>A data file, relative to the script's folder, under the name by which steps ask for it.</summary>
    public void Data(string name, string path, DataFormat? format = null, string? field = null, string? promptField = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        _tree.AddData(name, Call(file, line), (nameof(path), path), (nameof(format), format), (nameof(field), field), (nameof(promptField), promptField));

    /// <summary>See <see cref="CountStep"/>.</summary>
    public void Count(string data, long? tokens = null, int? window = null, int? batch = null, int? shards = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        _tree.AddStage(CountStep.Key, Call(file, line), (nameof(data), data), (nameof(tokens), tokens), (nameof(window), window), (nameof(batch), batch), (nameof(shards), shards));

    /// <summary>See <see cref="PruneStep"/>.</summary>
    public void Prune(
        ChosenCriterion? criterion = null,
        Scope? scope = null,
        double? ratio = null,
        int? keep = null,
        int? minExperts = null,
        string? plan = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        _tree.AddStage(
            PruneStep.Key,
            Call(file, line),
            (nameof(plan), plan),
            (nameof(criterion), criterion),
            (nameof(scope), scope),
            (nameof(ratio), ratio),
            (nameof(keep), keep),
            (nameof(minExperts), minExperts));

    /// <summary>See <see cref="RegularizeStep"/>.</summary>
    public void Regularize(
        string data,
        string? heldOut = null,
        int? steps = null,
        int? batch = null,
        int? accumulate = null,
        int? window = null,
        Packing? packing = null,
        double? learningRate = null,
        int? warmUp = null,
        LearningRateDecay? decay = null,
        double? weightDecay = null,
        Decayed? weightDecayOn = null,
        double? entropyWeight = null,
        EntropySchedule? entropySchedule = null,
        BalanceSource? balance = null,
        double? balanceWeight = null,
        double? gradientClip = null,
        double? lossSpike = null,
        TopKSchedule? topK = null,
        Tune? tune = null,
        LoraOptions? lora = null,
        Objective? objective = null,
        Activations? activations = null,
        SequenceOrder? order = null,
        GateAtTop1? gateAtTop1 = null,
        int? checkEvery = null,
        int? patience = null,
        Accept? accept = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        _tree.AddStage(
            RegularizeStep.Key,
            Call(file, line),
            (nameof(data), data),
            (nameof(heldOut), heldOut),
            (nameof(steps), steps),
            (nameof(batch), batch),
            (nameof(accumulate), accumulate),
            (nameof(window), window),
            (nameof(packing), packing),
            (nameof(learningRate), learningRate),
            (nameof(warmUp), warmUp),
            (nameof(decay), decay),
            (nameof(weightDecay), weightDecay),
            (nameof(weightDecayOn), weightDecayOn),
            (nameof(entropyWeight), entropyWeight),
            (nameof(entropySchedule), entropySchedule),
            (nameof(balance), balance),
            (nameof(balanceWeight), balanceWeight),
            (nameof(gradientClip), gradientClip),
            (nameof(lossSpike), lossSpike),
            (nameof(topK), topK),
            (nameof(tune), tune),
            (nameof(lora), lora),
            (nameof(objective), objective),
            (nameof(activations), activations),
            (nameof(order), order),
            (nameof(gateAtTop1), gateAtTop1),
            (nameof(checkEvery), checkEvery),
            (nameof(patience), patience),
            (nameof(accept), accept));

    /// <summary>One of the tasks of <see cref="Evaluate"/> that is more than the name of its data: `KnownTask("mmlu", data: "mmlu", shots: 5)`.</summary>
    public static TaskChoice KnownTask(string task, string data, int shots = 0, int? limit = null) => new(data, task, shots, limit);

    /// <summary>The task that continues prompts: `Generation(data: "held-out", prompts: 16)`.</summary>
    public static TaskChoice Generation(string data, int? prompts = null, int? promptTokens = null, int? newTokens = null)
    {
        var usual = new GenerationOptions();
        return new TaskChoice(data, GenerationTask.Word)
        {
            Generation = new GenerationOptions { Prompts = prompts ?? usual.Prompts, PromptTokens = promptTokens ?? usual.PromptTokens, NewTokens = newTokens ?? usual.NewTokens },
        };
    }

    /// <summary>See <see cref="EvaluateStep"/>.</summary>
    public void Evaluate(
        TaskChoice[] tasks,
        Comparison[]? compare = null,
        int? randomSeeds = null,
        int? window = null,
        int? batch = null,
        int? limit = null,
        Cut? cut = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        _tree.AddStage(
            EvaluateStep.Key,
            Call(file, line),
            (nameof(tasks), tasks),
            (nameof(compare), compare),
            (nameof(randomSeeds), randomSeeds),
            (nameof(window), window),
            (nameof(batch), batch),
            (nameof(limit), limit),
            (nameof(cut), cut));

    /// <summary>Values of a sweep, every one with every one of the others: `Sweep("prune.ratio", 0, 0.25, 0.5)`.</summary>
    public void Sweep(string key, params object[] values) => _tree.AddSweep(key, values, _places.Of(nameof(Sweep)));

    /// <summary>Values of a sweep that change together with those of the other calls of Zip.</summary>
    public void Zip(string key, params object[] values) => _tree.AddZip(key, values, _places.Of(nameof(Zip)));

    /// <summary>Top-K while training.</summary>
    public static TopKSchedule TopK(int from, int to, double at = 0.5, Annealing schedule = Annealing.Step) => new(from, to, at, schedule);

    /// <summary>Low-rank matrices, for `tune: Tune.Lora`.</summary>
    public static LoraOptions Lora(int rank = 16, double alpha = 32, double dropout = 0, LoraTargets targets = LoraTargets.All, LoraSave save = LoraSave.Merged) =>
        new(rank, alpha, dropout, targets, save);

    /// <summary>A criterion of your own: one finite score for each of the layer's experts; the highest scores survive.</summary>
    /// <param name="name">Not one of the catalog's.</param>
    /// <param name="score">
    /// A lambda that uses nothing of the script around it: its text is what the stage's key covers, and values from outside are not in it.
    /// </param>
    public ChosenCriterion Criterion(
        string name,
        Func<LayerStatistics, double[]> score,
        [CallerArgumentExpression(nameof(score))] string source = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        Criterion(name, (_, layer) => score(layer), source, file, line);

    /// <summary>The same where a layer's score depends on the whole: its neighbours, or the number of tokens.</summary>
    public ChosenCriterion Criterion(
        string name,
        Func<ExpertStatistics, LayerStatistics, double[]> score,
        [CallerArgumentExpression(nameof(score))] string source = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0) =>
        new(name, source.ReplaceLineEndings("\n")) { Score = score, Where = $"{Call(file, line).Place}" };

    private void Set(object value, [CallerMemberName] string member = "") => _tree.Set(member, value, _places.Of(member));

    private CallPlaces Call(string file, int line, [CallerMemberName] string name = "") => _places.Of(name, file, line);
}
