using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Reporting;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer report`: the page of a run or a sweep, written anew, or several runs side by side.</summary>
[Command(
    "report",
    Description = "Writes the page of a run or a sweep anew, or one that compares several runs: one HTML file without script or network.",
    ExtendedHelpText = "dotnet seer report runs/quickstart/1 runs/quickstart/2 --output comparison.html")]
public sealed class ReportCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "RUN", "Folders of runs that are done, or of one sweep. Of several, the first is what the others are held against.")]
    public string[] Runs { get; set; } = [];

    [Option("--output <FILE>", "A new file; default, of a single run or sweep: report.html in its folder.", CommandOptionType.SingleValue)]
    public string? Output { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var page = Output is null && Runs is [var only] ? ReportFile.Refresh(only) : WriteNew();
        terminal.Result(Json, new { Schema = "seer/report@1", Report = page }, $"report: {page}");
        return ExitCode.Done;
    }

    private string WriteNew()
    {
        if (Output is null)
        {
            throw new InputException("Several runs have no folder in common for their page.", "dotnet seer report", "Name a new file with --output.");
        }

        NewFolder.RefuseExisting(Output);
        var page = ReportFile.PageOf(Runs);
        AtomicFile.WriteText(Output, page);
        return Output;
    }
}
