using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Tool.Scaffolding;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer new`: a recipe to start from.</summary>
[Command(
    "new",
    Description = "Writes a commented recipe, and what it runs on, into the current folder; never overwrites anything.",
    ExtendedHelpText = "dotnet seer new quickstart")]
public sealed class NewCommand : SeerCommand
{
    [Argument(0, "KIND", "quickstart (default), sweep, script: run as they are, on a small model that is written beside them. mixtral: needs its model and data.")]
    public string Kind { get; set; } = "quickstart";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var scaffold = Choice.Of("dotnet seer new", Kind, Scaffold.All);
        var written = scaffold.Write(Directory.GetCurrentDirectory());
        terminal.Result(Json, new { scaffold.Recipe, Written = written }, scaffold.Recipe);
        terminal.Tell($"{written.Count} files written; next: {scaffold.Next}");
        return ExitCode.Done;
    }
}
