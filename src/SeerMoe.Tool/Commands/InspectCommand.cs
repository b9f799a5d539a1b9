using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Checkpoints;
using SeerMoe.Experts;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Locking;
using SeerMoe.Tool.Inspection;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer inspect`: what is in a file or folder of ours, or in a checkpoint.</summary>
[Command(
    "inspect",
    Description = "Says what is in a checkpoint, statistics, a prune plan or a run.",
    ExtendedHelpText = "dotnet seer inspect mixtral")]
public sealed class InspectCommand : SeerCommand
{
    [Required(ErrorMessage = Missing)]
    [Argument(0, "PATH", "Folder of a checkpoint or run, statistics (folder or file), or a prune-plan.json.")]
    public string Target { get; set; } = "";

    [Option("--config-only", "Of a checkpoint: reads config.json alone, no weights needed; PATH may be the file itself.", CommandOptionType.NoValue)]
    public bool ConfigOnly { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--keep <N>", "Of a checkpoint: counts as if N experts a layer were kept.", CommandOptionType.SingleValue)]
    public int? Keep { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--context <L>", "Of a checkpoint: tokens of the sequence that FLOPs are counted for; default 4096.", CommandOptionType.SingleValue)]
    public int? Context { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        if (ConfigOnly)
        {
            var config = HfConfig.Read(Directory.Exists(Target) ? Path.Combine(Target, "config.json") : Target);
            Print(terminal, CheckpointSheet.Of(config, Keep, Context), SeerJson.Text, CheckpointSheet.Print);
            return ExitCode.Done;
        }

        var kind = Artifact.KindOf(Target);
        if (kind != ArtifactKind.Checkpoint && (Keep, Context) is not (null, null))
        {
            throw new InputException("Only of a checkpoint can experts be kept or FLOPs be counted.", Keep is null ? "--context" : "--keep", "Leave the option out, or name a checkpoint.");
        }

        switch (kind)
        {
            case ArtifactKind.Checkpoint:
                using (var checkpoint = Checkpoint.Open(Target))
                {
                    Print(terminal, CheckpointSheet.Of(checkpoint, Keep, Context), SeerJson.Text, CheckpointSheet.Print);
                }

                break;
            case ArtifactKind.Statistics:
                Print(terminal, StatisticsFile.Read(Target), StatisticsFile.Json, StatisticsSheet.Print);
                break;
            case ArtifactKind.Plan:
                Print(terminal, PrunePlanFile.Read(Target), PrunePlanFile.Text, PlanSheet.Print);
                break;
            case ArtifactKind.Run:
                Print(terminal, LockFile.Read(Target), SeerJson.Text, (to, runLock) => RunSheet.Print(to, Target, runLock));
                break;
        }

        return ExitCode.Done;
    }

    private void Print<T>(Terminal terminal, T thing, Func<T, string> json, Action<Terminal, T> print)
    {
        if (Json)
        {
            terminal.Output.Write(json(thing));
        }
        else
        {
            print(terminal, thing);
        }
    }
}
