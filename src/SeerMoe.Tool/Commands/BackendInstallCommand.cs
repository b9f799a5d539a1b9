using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Backends;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer backend install`: libtorch from NuGet, tried and put to use.</summary>
[Command(
    "install",
    Description = "Fetches libtorch through the .NET SDK and NuGet, tries it, and computes with it from then on.",
    ExtendedHelpText = "dotnet seer backend install cpu")]
public sealed class BackendInstallCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "NAME", $"{Backend.Cpu}, or {Backend.Cuda} for NVIDIA devices.")]
    public string Name { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var backend = BackendInstall.Run(Name, terminal.Tell);
        var trial = BackendTrialProcess.Require(backend);
        backend.Activate();
        terminal.Result(Json, new { backend.Name, backend.Folder, trial.CudaDevices }, $"{backend.Name}: {backend.Folder}");
        return ExitCode.Done;
    }
}
