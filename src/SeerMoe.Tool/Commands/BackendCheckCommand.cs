using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer backend check`: small computations beside their known answers, in this process; wrong libraries may end it.</summary>
[Command(
    Name,
    Description = "Tries the backend in use, or the libraries of a folder: small computations of every kind beside their known answers.",
    ExtendedHelpText = "dotnet seer backend check /opt/libtorch/lib")]
public sealed class BackendCheckCommand : SeerCommand
{
    public const string Name = "check";

    [Argument(0, "PATH", "A folder with libtorch's libraries; default: the backend in use.")]
    public string? Path { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var folder = Path is null ? BackendInUse() : System.IO.Path.GetFullPath(Path);
        var devices = BackendTrial.Run(folder, step =>
        {
            terminal.Output.WriteLine(step);
            terminal.Output.Flush();
        });
        terminal.Output.WriteLine($"all right; CUDA devices: {devices}");
        return ExitCode.Done;
    }

    private static string BackendInUse() => Backend.Active()?.Folder ?? throw new InputException(
        $"The backend '{Backend.ActiveName}' is not on this machine.", "dotnet seer backend check", $"Install it: dotnet seer backend install {Backend.Cpu}");
}
