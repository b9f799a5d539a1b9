using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Completion;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer completion`: commands and options on the tab key.</summary>
[Command(
    "completion",
    Description = "Prints a script that completes commands and options: eval it in bash or zsh, source it in fish, invoke it in PowerShell.",
    ExtendedHelpText = "dotnet seer completion bash > ~/.local/share/bash-completion/completions/dotnet-seer")]
public sealed class CompletionCommand : SeerCommand
{
    private static readonly IReadOnlyList<(string Word, Func<IReadOnlyList<CompletedCommand>, string> Value)> Shells =
        [("bash", BashCompletion.Script), ("zsh", ZshCompletion.Script), ("fish", FishCompletion.Script), ("powershell", PowerShellCompletion.Script)];

    [Required(ErrorMessage = Missing)]
    [Argument(0, "SHELL", "bash, zsh, fish or powershell.")]
    public string Shell { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var script = Choice.Of("dotnet seer completion", Shell, Shells);
        terminal.Output.Write(script(CompletedCommand.Of(CommandLine.Model())));
        return ExitCode.Done;
    }
}
