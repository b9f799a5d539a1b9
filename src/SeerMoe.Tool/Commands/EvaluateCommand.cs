using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer evaluate`: perplexity, multiple choice on questions of one's own, or a known task on a folder of data.</summary>
[Command(
    "evaluate",
    Description = "Measures a model: perplexity of text, accuracy on your own questions, or a known task.",
    ExtendedHelpText = "dotnet seer evaluate --model pruned --task mmlu --data mmlu --shots 5 --output result")]
public sealed class EvaluateCommand : SeerCommand
{
    private static readonly EvaluateOptions Default = new();

    [Required(ErrorMessage = Missing)]
    [Option("--model <DIR>", "The checkpoint.", CommandOptionType.SingleValue)]
    public string Model { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--task <NAME>", "perplexity, generation (do continuations loop?), a known task (mmlu, ..), the path of a task file (.yaml), or a name for your own questions.", CommandOptionType.SingleValue)]
    public string Task { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--data <PATH>", "Text; the folder of a known task; or jsonl of question, choices and answer (the index of the right choice).", CommandOptionType.SingleValue)]
    public string Data { get; set; } = "";

    [Option("--format <FORMAT>", $"Of perplexity and generation: {DataFile.FormatHelp}", CommandOptionType.SingleValue)]
    public string? Format { get; set; }

    [Option("--field <NAME>", DataFile.FieldHelp, CommandOptionType.SingleValue)]
    public string? Field { get; set; }

    [Range(0, int.MaxValue, ErrorMessage = NotNegative)]
    [Option("--shots <N>", "Of known tasks: examples before each question; default 0.", CommandOptionType.SingleValue)]
    public int? Shots { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--limit <N>", "Questions or documents (of each subject) at most; default: all.", CommandOptionType.SingleValue)]
    public int? Limit { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--prompts <N>", "Of generation: beginnings of documents that are continued, at most; default 32.", CommandOptionType.SingleValue)]
    public int? Prompts { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--prompt-tokens <N>", "Of generation: tokens of each beginning; default 32.", CommandOptionType.SingleValue)]
    public int? PromptTokens { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--new-tokens <N>", "Of generation: tokens that follow, at most; default 128.", CommandOptionType.SingleValue)]
    public int? NewTokens { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--window <L>", "Longest input, tokens; default: the model's own limit, 2048 at most.", CommandOptionType.SingleValue)]
    public int? Window { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--batch <N>", "Sequences a forward pass; default 16.", CommandOptionType.SingleValue)]
    public int Batch { get; set; } = Default.Batch;

    [Option("--plan <FILE>", "A prune-plan.json whose dropped experts are masked, not cut.", CommandOptionType.SingleValue)]
    public string? Plan { get; set; }

    [Option("--base <DIR>", "The checkpoint that the model was made from: measured first, so that the model stands beside it (KL, changed answers, a paired test).", CommandOptionType.SingleValue)]
    public string? Base { get; set; }

    [Option("--lm-eval-results <FILE>", "Also write the results in lm-evaluation-harness' schema.", CommandOptionType.SingleValue)]
    public string? LmEvalResults { get; set; }

    [Option("--log-samples <DIR>", "Of known tasks and your own questions: a new folder for every question with its scores, as lm-evaluation-harness logs them.", CommandOptionType.SingleValue)]
    public string? LogSamples { get; set; }

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for evaluation.json.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        var task = TaskOption.Of(Task, Data, Format, Field, Shots, TaskOption.Generation(Task, Prompts, PromptTokens, NewTokens));
        var mask = Plan is null ? null : PrunePlanFile.Read(Plan);
        var options = new EvaluateOptions { Window = Window, Batch = Batch, Limit = Limit };
        using var folder = NewFolder.Create(Output);
        using var harness = new HarnessFiles(LmEvalResults, LogSamples, Output, task);

        using var full = Base is null ? null : Checkpoint.Open(Base);
        var compute = LoadCompute();
        var record = new BaseRecord(folder.PathOf(".base"));
        EvaluationResult Measure(Checkpoint model, PrunePlan? cut, BasePart? part, Action<Sample>? samples = null) =>
            WithProgress(terminal, interrupted, progress => Evaluating.Evaluate(model, [task], cut, options, compute, progress, samples, part: part));

        var ofBase = full is null ? null : Measure(full, cut: null, BasePart.IsBase(record));
        var evaluation = Measure(checkpoint, mask, full is null ? null : BasePart.Beside(record, full), harness.Samples);
        record.Delete();
        new EvaluationReport(evaluation, ofBase is null ? null : new Neighbours { Full = ofBase }).Write(folder.PathOf("evaluation.json"));
        folder.Complete();
        harness.Complete(evaluation, Model, options);
        if (Json)
        {
            terminal.Output.Write(File.ReadAllText(Path.Combine(Output, "evaluation.json")));
        }
        else
        {
            EvaluationText.Print(terminal, evaluation);
        }

        if (evaluation.Speed is { } speed)
        {
            terminal.Tell($"{speed.TokensPerSecond:N0} tokens a second while scored{(ofBase?.Speed is { } before ? $", the base {before.TokensPerSecond:N0}" : "")}");
        }

        return ExitCode.Done;
    }
}
