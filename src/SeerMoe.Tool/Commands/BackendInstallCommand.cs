using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer backend install`: libtorch from NuGet, tried and put to use.</summary>
[Command(
    "install",
    Description = "Fetches libtorch through the .NET SDK and NuGet, tries it, and computes with it from then on.",
    ExtendedHelpText = "dotnet seer backend install cpu")]
public sealed class BackendInstallCommand : TakenBackendCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "NAME", $"{Backend.Cpu}, or {Backend.Cuda} for NVIDIA devices.")]
    public string Name { get; set; } = "";

    protected override Backend Take(Terminal terminal) => BackendInstall.Run(Name, terminal.Tell);
}
