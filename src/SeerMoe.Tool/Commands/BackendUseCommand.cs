using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer backend use`: a libtorch that is here already.</summary>
[Command(
    "use",
    Description = "Computes with a libtorch that is here already: an installed one by name, or the folder of one's own, once it has passed every check.",
    ExtendedHelpText = "dotnet seer backend use /opt/libtorch/lib")]
public sealed class BackendUseCommand : TakenBackendCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "PATH", $"A folder with libtorch's libraries, or {Backend.Cpu} or {Backend.Cuda} where they are installed.")]
    public string Path { get; set; } = "";

    protected override Backend Take(Terminal terminal) =>
        Backend.Installable.Contains(Path) ? Installed(Path) : new Backend(Backend.Path, System.IO.Path.GetFullPath(Path));

    private static Backend Installed(string name) => Backend.Find(name) ?? throw new InputException(
        $"The backend '{name}' is not on this machine.", "dotnet seer backend use", $"Install it: dotnet seer backend install {name}");
}
