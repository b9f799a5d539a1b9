using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Recipes;
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

    [Option("--format <FORMAT>", DataFile.FormatHelp, CommandOptionType.SingleValue)]
    public string? Format { get; set; }

    [Option("--field <NAME>", DataFile.FieldHelp, CommandOptionType.SingleValue)]
    public string? Field { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--steps <N>", "Optimizer steps; default 100.", CommandOptionType.SingleValue)]
    public int Steps { get; set; } = Default.Steps;

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--batch <N>", "Sequences a step; default 8.", CommandOptionType.SingleValue)]
    public int Batch { get; set; } = Default.Batch;

    [Range(2, int.MaxValue, ErrorMessage = "{0} must be at least 2: the first token of a sequence is not predicted.")]
    [Option("--window <L>", "Tokens a sequence, for text and jsonl; default 256.", CommandOptionType.SingleValue)]
    public int Window { get; set; } = Default.Window;

    [Range(0, double.MaxValue, MinimumIsExclusive = true, ErrorMessage = "{0} must be above 0.")]
    [Option("--learning-rate <X>", "AdamW's; default 1e-4.", CommandOptionType.SingleValue)]
    public double LearningRate { get; set; } = Default.LearningRate;

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--weight-decay <X>", "Decoupled; default 0.01.", CommandOptionType.SingleValue)]
    public double WeightDecay { get; set; } = Default.WeightDecay;

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--entropy-weight <X>", "Weight of the router entropy in the loss; default 0.1.", CommandOptionType.SingleValue)]
    public double EntropyWeight { get; set; } = Default.EntropyWeight;

    [Option("--top-k <RANGE>", "FROM:TO anneals top-K, switching after half the steps: 2:1; default: the model's own all along.", CommandOptionType.SingleValue)]
    public string? TopK { get; set; }

    [Range(0, double.MaxValue, ErrorMessage = NotNegative)]
    [Option("--gradient-clip <X>", "Largest norm of the gradient; 0 = off; default 1.", CommandOptionType.SingleValue)]
    public double GradientClip { get; set; } = Default.GradientClip;

    [Option("--tune <WHAT>", "What to train: all (default), routers or experts.", CommandOptionType.SingleValue)]
    public string Tune { get; set; } = "all";

    [Option("--order <ORDER>", "Sequences shuffled (default) or as in the file.", CommandOptionType.SingleValue)]
    public string Order { get; set; } = "shuffled";

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for checkpoint/ and training.jsonl.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        var data = DataFile.Source(Train, Format, Field);
        var options = Options();
        using var folder = NewFolder.Create(Output);

        var outcome = WithProgress(terminal, interrupted, progress => Regularizing.Regularize(checkpoint, data, options, LoadCompute(checkpoint), folder.Path, progress));
        folder.Complete();
        terminal.Output.Write(Json
            ? SeerJson.Text(outcome)
            : $"loss {outcome.FirstLoss:F4} -> {outcome.LastLoss:F4} in {Steps} steps, top-{outcome.TopK}: {Path.Combine(Output, "checkpoint")}\n");
        terminal.Notes([.. Notes.OfCheckpoint(Path.Combine(Output, "checkpoint")), .. Notes.Of(outcome)]);
        return ExitCode.Done;
    }

    private TrainOptions Options() => new()
    {
        Steps = Steps,
        Batch = Batch,
        Window = Window,
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        EntropyWeight = EntropyWeight,
        GradientClip = GradientClip,
        TopK = TopK is null ? null : TopKRange.Parse("--top-k", TopK),
        Tune = Choice.Of("--tune", Tune, RecipeWords.Tunes),
        Order = Choice.Of("--order", Order, RecipeWords.Orders),
        Seed = Seed ?? Default.Seed,
    };
}
