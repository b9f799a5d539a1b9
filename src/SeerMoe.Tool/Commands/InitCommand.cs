using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer init`: random weights of a family.</summary>
[Command(
    "init",
    Description = "Writes a randomly initialised checkpoint of the family that a config.json describes.",
    ExtendedHelpText = "dotnet seer init --config tiny/config.json --seed 17 --output tiny-model")]
public sealed class InitCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Option("--config <FILE>", "A config.json; tokenizer files beside it are copied along.", CommandOptionType.SingleValue)]
    public string Config { get; set; } = "";

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for the checkpoint.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        NewFolder.RefuseExisting(Output);
        LibTorch.Load();
        Initializing.Initialize(Config, Seed ?? 0, Output, interrupted);
        terminal.Result(Json, new { Output }, $"checkpoint: {Output}");
        terminal.Notes(Notes.OfCheckpoint(Output));
        return ExitCode.Done;
    }
}
