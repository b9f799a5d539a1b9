using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Training;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer regularize`: stage 2, fine-tuning with router entropy and top-K annealing.</summary>
[Command(
    "regularize",
    Description = "Fine-tunes a pruned model with a router-entropy penalty, while top-K is annealed.",
    ExtendedHelpText = "dotnet seer regularize --model pruned --train train.jsonl --steps 200 --top-k 2:1 --output tuned")]
public sealed class RegularizeCommand : SeerCommand
{
    private static readonly TrainOptions Default = new();

    [Required(ErrorMessage = Missing)]
    [Option("--model <DIR>", "The checkpoint; it is left as it is.", CommandOptionType.SingleValue)]
    public string Model { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--train <FILE>", "The text to train on.", CommandOptionType.SingleValue)]
    public string Train { get; set; } = "";

    [Option("--format <FORMAT>", "text, jsonl, tokens or choices; default: jsonl for *.jsonl, else text.", CommandOptionType.SingleValue)]
    public string? Format { get; set; }

    [Option("--field <NAME>", DataFile.FieldHelp, CommandOptionType.SingleValue)]
    public string? Field { get; set; }

    [Option("--prompt-field <NAME>", "The field of jsonl whose text stands before that and is not learned; default: none.", CommandOptionType.SingleValue)]
    public string? PromptField { get; set; }

    [Option("--held-out <FILE>", "Text of the same format to judge by; nothing is trained on it.", CommandOptionType.SingleValue)]
    public string? HeldOut { get; set; }

    [Option("--teacher <DIR>", "Train towards this model, the unpruned one, instead of the next token.", CommandOptionType.SingleValue)]
    public string? Teacher { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--steps <N>", "Optimizer steps; default 100.", CommandOptionType.SingleValue)]
    public int Steps { get; set; } = Default.Steps;

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--batch <N>", "Sequences a pass; default 8.", CommandOptionType.SingleValue)]
    public int Batch { get; set; } = Default.Batch;

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--accumulate <N>", "Passes a step; default 1.", CommandOptionType.SingleValue)]
    public int Accumulate { get; set; } = Default.Accumulate;

    [Range(2, int.MaxValue, ErrorMessage = "{0} must be at least 2: the first token of a sequence is not predicted.")]
    [Option("--window <L>", "Tokens a sequence, for text and jsonl; default 256.", CommandOptionType.SingleValue)]
    public int Window { get; set; } = Default.Window;

    [Range(0, double.MaxValue, MinimumIsExclusive = true, ErrorMessage = "{0} must be above 0.")]
    [Option("--learning-rate <X>", "AdamW's; default 1e-4.", CommandOptionType.SingleValue)]
    public double LearningRate { get; set; } = Default.LearningRate;

    [Range(0, int.MaxValue, ErrorMessage = NotNegative)]
    [Option("--warm-up <N>", "Steps over which the learning rate rises; default 0.", CommandOptionType.SingleValue)]
    public int WarmUp { get; set; } = Default.WarmUp;

    [Option("--decay <HOW>", "The learning rate afterwards: constant (default), cosine or linear, both down to a tenth.", CommandOptionType.SingleValue)]
    public string Decay { get; set; } = "constant";

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--weight-decay <X>", "Decoupled; default 0.01.", CommandOptionType.SingleValue)]
    public double WeightDecay { get; set; } = Default.WeightDecay;

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--entropy-weight <X>", "Weight of the router entropy in the loss; default 0.1.", CommandOptionType.SingleValue)]
    public double EntropyWeight { get; set; } = Default.EntropyWeight;

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--balance-weight <X>", "Weight of the load-balancing loss; 0 = off; default 0.", CommandOptionType.SingleValue)]
    public double BalanceWeight { get; set; } = Default.BalanceWeight;

    [Option("--top-k <RANGE>", "FROM:TO, or FROM:TO:SCHEDULE (step, linear, ramp), anneals top-K over half the steps; default: the model's own.", CommandOptionType.SingleValue)]
    public string? TopK { get; set; }

    [Option("--gate-at-top1 <RULE>", "The combine weight at top-1: probability (default), renormalised or straight-through.", CommandOptionType.SingleValue)]
    public string GateAtTop1 { get; set; } = "probability";

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--gradient-clip <X>", "Largest norm of the gradient; 0 = off; default 1.", CommandOptionType.SingleValue)]
    public double GradientClip { get; set; } = Default.GradientClip;

    [Option("--tune <WHAT>", "What to train: all (default), routers, experts, or lora: low-rank matrices beside frozen weights.", CommandOptionType.SingleValue)]
    public string Tune { get; set; } = "all";

    [Option("--activations <HOW>", "kept (default), or recomputed: slower, in the memory of one layer.", CommandOptionType.SingleValue)]
    public string Activations { get; set; } = "kept";

    [Option("--accept <WHEN>", "always (default), or if-better: else the model itself is the result.", CommandOptionType.SingleValue)]
    public string Accept { get; set; } = "always";

    [Option("--order <ORDER>", "Sequences shuffled (default) or as in the file.", CommandOptionType.SingleValue)]
    public string Order { get; set; } = "shuffled";

    [Option("--set <SETTING>", "key=value, any key of a recipe's regularize step: --set lora.rank=8; may be repeated.", CommandOptionType.MultipleValue)]
    public string[] Set { get; set; } = [];

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for checkpoint/ and training.jsonl.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        using var teacher = Teacher is null ? null : Checkpoint.Open(Teacher);
        var data = DataFile.TrainingSource(Train, Format, Field, PromptField);
        var extras = new TrainExtras(HeldOut is null ? null : DataFile.TrainingSource(HeldOut, Format, Field, PromptField), teacher);
        var options = Options();
        using var folder = NewFolder.Create(Output);

        var outcome = WithProgress(terminal, interrupted, progress => Trained(progress));
        folder.Complete();
        terminal.Output.Write(Json
            ? SeerJson.Text(outcome)
            : $"loss {outcome.FirstLoss:F4} -> {outcome.LastLoss:F4} in {outcome.StoppedAt ?? Steps} steps, top-{outcome.TopK}: {Path.Combine(Output, "checkpoint")}\n");
        terminal.Notes([.. Notes.OfCheckpoint(Path.Combine(Output, "checkpoint")), .. Notes.Of(outcome)]);
        return ExitCode.Done;

        TrainOutcome Trained(IProgress<Torch.Progress> progress)
        {
            try
            {
                return Regularizing.Regularize(checkpoint, data, options, LoadCompute(), folder.Path, progress, extras: extras);
            }
            catch (InputException) when (Directory.Exists(folder.PathOf(Regularizing.LastGoodName)))
            {
                folder.Complete();
                throw;
            }
        }
    }

    private TrainOptions Options() => TrainSettings.Apply(Given(), Set);

    private TrainOptions Given() => new()
    {
        Steps = Steps,
        Batch = Batch,
        Accumulate = Accumulate,
        Window = Window,
        LearningRate = LearningRate,
        WarmUp = WarmUp,
        Decay = Choice.Of("--decay", Decay, RecipeWords.Decays),
        WeightDecay = WeightDecay,
        EntropyWeight = EntropyWeight,
        BalanceWeight = BalanceWeight,
        GradientClip = GradientClip,
        TopK = TopK is null ? null : TopKRange.Parse("--top-k", TopK),
        GateAtTop1 = Choice.Of("--gate-at-top1", GateAtTop1, RecipeWords.Gates),
        Tune = Choice.Of("--tune", Tune, RecipeWords.Tunes),
        Objective = Teacher is null ? Objective.NextToken : Objective.Distill,
        Activations = Choice.Of("--activations", Activations, RecipeWords.ActivationChoices),
        Order = Choice.Of("--order", Order, RecipeWords.Orders),
        Accept = Choice.Of("--accept", Accept, RecipeWords.Accepts),
        Seed = Seed ?? Default.Seed,
    };
}
