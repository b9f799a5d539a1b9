using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer run`: a recipe, from counting to the closing table, or every point of its sweep.</summary>
[Command(
    "run",
    Description = "Runs a recipe, or every point of its sweep, and closes with a table: the full model, a random prune, and what came out. What an earlier run did is reused.",
    ExtendedHelpText = "dotnet seer run recipes/quickstart.yaml --set prune.ratio=0.5")]
public sealed class RunCommand : RecipeCommand
{
    [Option("--resume", "Goes on with the newest unfinished run of the recipe.", CommandOptionType.NoValue)]
    public bool Resume { get; set; }

    [Option("--locked", "Refuses inputs and versions that are not those of the lock: <recipe>.lock.json, else the newest run's.", CommandOptionType.NoValue)]
    public bool Locked { get; set; }

    [Option("--lock-to <FILE>", "Copies the lock there when it is done, and writes FILE.inputs, the path of an input a line: what build systems look at.", CommandOptionType.SingleValue)]
    public string? LockTo { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var points = MakePlan(interrupted);
        if (points.File.IsSweep)
        {
            if (LockTo is not null)
            {
                throw new InputException("A sweep has a lock for each point.", "--lock-to", "Leave it out, or run a recipe without 'sweep:'.");
            }

            return RunSweep(terminal, points, interrupted);
        }

        var plan = points.Points[0].Plan;
        if (Locked)
        {
            LockedInputs.Refuse(plan, Output);
        }

        var outcome = WithProgress(terminal, interrupted, progress => Run(terminal, plan, progress, interrupted));
        if (Json)
        {
            terminal.Output.Write(SeerJson.Text(RunDocument.Of(outcome)));
        }
        else
        {
            ClosingTable.Print(terminal, outcome);
        }

        terminal.Notes(Notes.Of(outcome));
        CopyLock(outcome);
        return ExitCode.Done;
    }

    private void CopyLock(RunOutcome outcome)
    {
        if (LockTo is null)
        {
            return;
        }

        var file = outcome.Plan.File;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(LockTo))!);
        AtomicFile.WriteText($"{LockTo}.inputs", string.Concat(LockFile.Read(outcome.Folder).Inputs.Select(input => $"{file.Resolve(input.Path)}\n")));
        AtomicFile.WriteBytes(LockTo, File.ReadAllBytes(Path.Combine(outcome.Folder, LockFile.Name))); // last: what it tells a build system holds then
    }

    private int RunSweep(Terminal terminal, SweepPlan plan, CancellationToken interrupted)
    {
        foreach (var point in Locked ? plan.Points : [])
        {
            LockedInputs.Refuse(point.Plan, Output, point.Name);
        }

        var sweeping = new Sweeping(terminal, new LocalExecutor(), Digests, Json);
        return Resume ? sweeping.Resume(Output, plan, interrupted) : sweeping.Begin(Output, plan, interrupted);
    }

    private RunOutcome Run(Terminal terminal, RunPlan plan, IProgress<Progress> progress, CancellationToken interrupted)
    {
        try
        {
            return Resume ? Runner.Resume(plan, Output, progress, interrupted, Cache) : Runner.Run(plan, Output, progress, interrupted, Cache);
        }
        catch (OperationCanceledException)
        {
            terminal.Note("the same command with --resume goes on from here");
            throw;
        }
    }
}
