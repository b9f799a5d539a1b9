using SeerMoe.Digests;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Recipes.Sweeps.Slurm;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;
using Spectre.Console;

namespace SeerMoe.Tool.Commands;

/// <summary>A sweep from its plan to its table, the same for `sweep` and for `run` of a recipe with `sweep:`.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="executor">Where the points run.</param>
/// <param name="digests">Of large files, remembered.</param>
/// <param name="json">Results as JSON.</param>
internal sealed class Sweeping(Terminal terminal, IExecutor executor, DigestCache digests, bool json)
{
    /// <returns>0, or the worst of the points' own codes.</returns>
    public int Run(SweepFolder folder, SweepPlan plan, CancellationToken interrupted)
    {
        if (executor is LocalExecutor)
        {
            LibTorch.Load();
        }

        try
        {
            using var progress = new ProgressLine(terminal, interrupted, TimeProvider.System);
            executor.Run(SweepWork.Of(folder, plan, folder.Cache(digests)), progress, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            SayHowToGoOn(folder);
            throw;
        }

        var table = SweepTable.Of(folder, plan);
        SweepFiles.Write(folder, table);
        SweepText.Print(terminal, table, folder, json);
        return table.ExitCode;
    }

    private void SayHowToGoOn(SweepFolder folder)
    {
        if (executor is SlurmExecutor && SlurmExecutor.Unfinished(folder) is { Count: > 0 } jobs)
        {
            terminal.Say("interrupted:", Color.Yellow, $"jobs {string.Join(", ", jobs)} go on without this command; 'scancel {string.Join(' ', jobs)}' would end them");
        }

        terminal.Say("interrupted:", Color.Yellow, $"what is done stays; go on with: dotnet seer sweep {folder.Path} --resume{(executor is SlurmExecutor ? " --executor slurm" : "")}");
    }
}
