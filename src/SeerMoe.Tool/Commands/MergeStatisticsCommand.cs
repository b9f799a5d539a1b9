using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Experts;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer merge-statistics`: counts of several texts, added.</summary>
[Command(
    "merge-statistics",
    Description = "Adds statistics that were counted on the same checkpoint with different text.",
    ExtendedHelpText = "dotnet seer merge-statistics counts/code counts/prose --output counts/all")]
public sealed class MergeStatisticsCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "STATISTICS", "Folders or files that `count` wrote.")]
    public string[] Statistics { get; set; } = [];

    [Required(ErrorMessage = Missing)]
    [Option("--output <DIR>", "A new folder for the sum.", CommandOptionType.SingleValue)]
    public string Output { get; set; } = "";

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var sum = Statistics.Select(StatisticsFile.Read).Aggregate((one, other) => one.Add(other));
        using var folder = NewFolder.Create(Output);
        StatisticsFile.Write(folder.Path, sum);
        folder.Complete();
        StatisticsText.Print(terminal, sum, Output, Json);
        terminal.Notes(Notes.Of(sum));
        return ExitCode.Done;
    }
}
