using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Running;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer evaluate`: perplexity, or multiple choice on questions of one's own.</summary>
[Command(
    "evaluate",
    Description = "Measures a model: perplexity of text, or accuracy on multiple-choice questions.",
    ExtendedHelpText = "dotnet seer evaluate --model pruned --task perplexity --data test.txt --output result")]
public sealed class EvaluateCommand : SeerCommand
{
    private const string Perplexity = "perplexity";

    private static readonly EvaluateOptions Default = new();

    [Required(ErrorMessage = Missing)]
    [Option("--model <DIR>", "The checkpoint.", CommandOptionType.SingleValue)]
    public string Model { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--task <NAME>", "perplexity, or a name for your own questions.", CommandOptionType.SingleValue)]
    public string Task { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--data <FILE>", "Text; or jsonl of question, choices and answer (the index of the right choice).", CommandOptionType.SingleValue)]
    public string Data { get; set; } = "";

    [Option("--format <FORMAT>", $"Of perplexity: {DataFile.FormatHelp}", CommandOptionType.SingleValue)]
    public string? Format { get; set; }

    [Option("--field <NAME>", DataFile.FieldHelp, CommandOptionType.SingleValue)]
    public string? Field { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--limit <N>", "Questions or documents at most; default: all.", CommandOptionType.SingleValue)]
    public int? Limit { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--window <L>", "Longest input, tokens; default: the model's own limit, 2048 at most.", CommandOptionType.SingleValue)]
    public int? Window { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--batch <N>", "Sequences a forward pass; default 16.", CommandOptionType.SingleValue)]
    public int Batch { get; set; } = Default.Batch;

    [Option("--plan <FILE>", "A prune-plan.json whose dropped experts are masked, not cut.", CommandOptionType.SingleValue)]
    public string? Plan { get; set; }

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for evaluation.json.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        var task = TaskOfOptions();
        var mask = Plan is null ? null : PrunePlanFile.Read(Plan);
        var options = new EvaluateOptions { Window = Window, Batch = Batch, Limit = Limit };
        using var folder = NewFolder.Create(Output);

        var evaluation = WithProgress(terminal, interrupted, progress => Evaluating.Evaluate(checkpoint, [task], mask, options, LoadCompute(checkpoint), progress));
        new EvaluationReport(evaluation, Neighbours: null).Write(folder.PathOf("evaluation.json"));
        folder.Complete();
        if (Json)
        {
            terminal.Output.Write(File.ReadAllText(Path.Combine(Output, "evaluation.json")));
        }
        else
        {
            EvaluationText.Print(terminal, evaluation);
        }

        return ExitCode.Done;
    }

    private EvalTask TaskOfOptions()
    {
        if (Task == Perplexity)
        {
            return new EvalTask(Task, TaskForm.Perplexity, DataFile.Source(Data, Format, Field));
        }

        return (Format, Field) is (null, null)
            ? new EvalTask(Task, TaskForm.MultipleChoice, DataFile.Source(Data, "jsonl", field: null))
            : throw new InputException(
                $"'{Task}' is multiple choice, whose data has one form only.",
                Format is null ? "--field" : "--format",
                $"Leave the option out, or ask for --task {Perplexity}.");
    }
}
