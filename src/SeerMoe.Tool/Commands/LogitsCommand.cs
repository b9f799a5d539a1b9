using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer logits`: what the model says, for parity checks against any other runtime.</summary>
[Command(
    "logits",
    Description = "Writes float32 logits of token lines: tensor logits.<line> [S, V], zero at padding.",
    ExtendedHelpText = "dotnet seer logits --model mixtral --data tokens.jsonl --format tokens --output logits.safetensors")]
public sealed class LogitsCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Option("--model <DIR>", "The checkpoint.", CommandOptionType.SingleValue)]
    public string Model { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--data <FILE>", "Token lines: {\"input_ids\": [..]}, optionally \"attention_mask\".", CommandOptionType.SingleValue)]
    public string Data { get; set; } = "";

    [Option("--format <FORMAT>", "tokens, the only one.", CommandOptionType.SingleValue)]
    public string Format { get; set; } = "tokens";

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--batch <N>", "Lines a forward pass; default 8.", CommandOptionType.SingleValue)]
    public int Batch { get; set; } = 8;

    [Required(ErrorMessage = Missing)]
    [Option("--output <FILE>", "A new .safetensors file.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        using var checkpoint = Checkpoint.Open(Model);
        var data = DataFile.Source(Data, Format, field: null);
        NewFolder.RefuseExisting(Output);
        using (var progress = new ProgressLine(terminal, interrupted, TimeProvider.System))
        {
            LogitsFile.Write(checkpoint, data, Batch, LoadCompute(), Output, progress);
        }

        terminal.Result(Json, new { Output }, $"logits: {Output}");
        return ExitCode.Done;
    }
}
