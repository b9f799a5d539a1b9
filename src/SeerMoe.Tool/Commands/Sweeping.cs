using SeerMoe.Digests;
using SeerMoe.Recipes.Reporting;
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
    /// <summary>Makes a new folder for it.</summary>
    /// <inheritdoc cref="Run"/>
    public int Begin(string root, SweepPlan plan, CancellationToken interrupted) => Run(SweepFolder.Create(root, plan, LaunchOf(plan)), plan, interrupted);

    /// <summary>Goes on with the newest sweep of this very recipe.</summary>
    /// <inheritdoc cref="Run"/>
    public int Resume(string root, SweepPlan plan, CancellationToken interrupted)
    {
        var newest = SweepFolder.Newest(root, plan.File)
            ?? throw new InputException("There is no sweep of this recipe, with these values, to resume.", Path.Combine(root, plan.File.Name), "Start it without --resume, or name the folder of the sweep.");
        return LaunchOf(plan) is var now && (now.Device, now.Dtype) == (newest.Launch.Device, newest.Launch.Dtype)
            ? Run(newest, Limited(plan, newest.Launch.MemoryBytes), interrupted)
            : throw OtherCompute(newest);
    }

    /// <summary>A limit of memory stays until another one is named.</summary>
    private static SweepPlan Limited(SweepPlan plan, long? before) =>
        plan with { Points = [.. plan.Points.Select(point => point with { Plan = point.Plan with { Compute = point.Plan.Compute with { MemoryBytes = point.Plan.Compute.MemoryBytes ?? before } } })] };

    public static InputException OtherCompute(SweepFolder folder) => new(
        $"The sweep began on {folder.Launch.Device} in {folder.Launch.Dtype}, and its recipe is frozen.",
        folder.Path,
        "Leave --device, --dtype, --set and --seed out, or start a sweep of its own.");

    /// <returns>0, or the worst of the points' own codes.</returns>
    public int Run(SweepFolder folder, SweepPlan plan, CancellationToken interrupted)
    {
        if (executor is LocalExecutor)
        {
            LibTorch.Load();
        }

        if (plan.Points[0].Plan.Compute.MemoryBytes is { } memory)
        {
            folder.AllowMemory(memory);
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

        var table = SweepTable.Of(folder, plan.File);
        SweepFiles.Write(folder, table);
        ReportFile.Write(folder, table);
        if (table.ExitCode == ExitCode.Done)
        {
            folder.Shared(folder.Cache(digests)).Clear();
        }

        SweepText.Print(terminal, table, folder, json);
        return table.ExitCode;
    }

    // What a sweep's folder has to know of this command.
    private static SweepLaunch LaunchOf(SweepPlan plan)
    {
        var (environment, compute) = (plan.Points[0].Plan.Environment, plan.Points[0].Plan.Compute);
        return new SweepLaunch("", compute.Device == ComputeDevice.Auto ? environment.Device : compute.Device.Name, environment.Dtype, [.. compute.IgnoredConfigKeys]) { MemoryBytes = compute.MemoryBytes };
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
