using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer count`: one calibration pass, statistics out.</summary>
[Command(
    "count",
    Description = "Counts how much every expert is used: one pass over your text gives the statistics that pruning decides by.",
    ExtendedHelpText = "dotnet seer count --model mixtral --data calibration.jsonl --tokens 65536 --output statistics")]
public sealed class CountCommand : SeerCommand
{
    private static readonly CountOptions Default = new();

    [Required(ErrorMessage = Missing)]
    [Option("--model <DIR>", "The checkpoint.", CommandOptionType.SingleValue)]
    public string Model { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--data <FILE>", "The text to count on.", CommandOptionType.SingleValue)]
    public string Data { get; set; } = "";

    [Option("--format <FORMAT>", DataFile.FormatHelp, CommandOptionType.SingleValue)]
    public string? Format { get; set; }

    [Option("--field <NAME>", DataFile.FieldHelp, CommandOptionType.SingleValue)]
    public string? Field { get; set; }

    [Range(1, long.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--tokens <N>", "Count N tokens at most; default: all of the data.", CommandOptionType.SingleValue)]
    public long? Tokens { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--window <L>", "Tokens a sequence, for text and jsonl; default 512.", CommandOptionType.SingleValue)]
    public int Window { get; set; } = Default.Window;

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--batch <N>", "Sequences a forward pass; default 8.", CommandOptionType.SingleValue)]
    public int Batch { get; set; } = Default.Batch;

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--threads <N>", "Threads of the CPU, on which the last bits of sums depend; default: one a core.", CommandOptionType.SingleValue)]
    public int? Threads { get; set; }

    [Option("--shard <I/N>", "Count slice I of N only, for merge-statistics to add: every N-th batch, from the I-th.", CommandOptionType.SingleValue)]
    public string? Shard { get; set; }

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for statistics.safetensors and statistics.json.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        var data = DataFile.Source(Data, Format, Field);
        var options = new CountOptions { Tokens = Tokens, Window = Window, Batch = Batch, Slice = Shard is null ? null : ShardOption.Parse(Shard) };
        using var folder = NewFolder.Create(Output);

        var statistics = WithProgress(terminal, interrupted, progress =>
        {
            var compute = LoadCompute();
            using var threads = Threads is { } fixedNumber ? ComputeThreads.Fix(fixedNumber) : null;
            return Counting.Count(checkpoint, data, options, compute, progress);
        });
        StatisticsFile.Write(folder.Path, statistics);
        folder.Complete();
        StatisticsText.Print(terminal, statistics, Output, Json);
        terminal.Notes(Notes.Of(statistics, Shard is null ? Tokens : null));
        return ExitCode.Done;
    }
}
