using System.ComponentModel.DataAnnotations;
using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Sweeps;
using SeerMoe.Recipes.Sweeps.Slurm;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;
using Spectre.Console;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer sweep`: many runs of one recipe, one table.</summary>
[Command(
    "sweep",
    Description = "Runs every point of a sweep and closes with one table, the Pareto front marked; exit code 1 or 2 where a point failed.",
    ExtendedHelpText = "dotnet seer sweep recipes/quickstart.yaml --over prune.ratio=0.25,0.5 --over prune.scope=layer,global")]
public sealed class SweepCommand : RecipeCommand
{
    internal const string OverHelp = "stage.key=a,b,c: every value with every value of the others; replaces the recipe's; may be repeated.";
    internal const string ZipHelp = "The same, but the values of all --zip options change together.";

    [Required(ErrorMessage = Missing)]
    [Argument(0, "RECIPE", "A .yaml file, or a .csx script; with --resume or --point, also the folder of a sweep.")]
    public override string Recipe { get; set; } = "";

    [Option("--over <AXIS>", OverHelp, CommandOptionType.MultipleValue)]
    public string[] Over { get; set; } = [];

    [Option("--zip <AXIS>", ZipHelp, CommandOptionType.MultipleValue)]
    public string[] Zip { get; set; } = [];

    [Option("--executor <WHERE>", "local (default) or slurm.", CommandOptionType.SingleValue)]
    public string Executor { get; set; } = "local";

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--jobs <N>", "Points that run at once; default: 1, and as many as the cluster lets with slurm.", CommandOptionType.SingleValue)]
    public int? Jobs { get; set; }

    [Option("--sbatch <OPTION>", "An option for Slurm, one each time: --sbatch \"--time=1:00:00\".", CommandOptionType.MultipleValue)]
    public string[] Sbatch { get; set; } = [];

    [Option("--resume", "Goes on with the newest sweep of this recipe, or with the folder given: what is done stays.", CommandOptionType.NoValue)]
    public bool Resume { get; set; }

    [Range(1, int.MaxValue, ErrorMessage = AtLeastOne)]
    [Option("--point <N>", "Runs one point of the sweep in the folder given, and makes no table: what a scheduler's task does.", CommandOptionType.SingleValue)]
    public int? Point { get; set; }

    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        if (Point is { } number)
        {
            return RunPoint(number, terminal, interrupted);
        }

        var sweeping = new Sweeping(terminal, ChosenExecutor(), Digests, Json);
        if (Directory.Exists(Recipe) && !Resume)
        {
            throw new InputException("A folder is no recipe.", Recipe, "Say --resume to go on with the sweep in it.");
        }

        if (Directory.Exists(Recipe))
        {
            var folder = SweepFolder.Open(Recipe);
            return sweeping.Run(folder, PlanOf(folder, interrupted), interrupted);
        }

        var plan = MakePlan(interrupted, Over, Zip);
        if (!plan.File.IsSweep)
        {
            throw new InputException("Nothing is swept.", Recipe, "Add --over stage.key=value,value, or 'sweep:' to the recipe; 'dotnet seer run' runs it once.");
        }

        return Resume ? sweeping.Resume(Output, plan, interrupted) : sweeping.Begin(Output, plan, interrupted);
    }

    private int RunPoint(int number, Terminal terminal, CancellationToken interrupted)
    {
        var folder = SweepFolder.Open(Recipe);
        var point = PlanOf(folder, interrupted, number).Points[0];
        LibTorch.Load();
        var failure = WithProgress(terminal, interrupted, progress => PointRun.Run(folder, point, folder.Cache(Digests), progress, interrupted));
        if (failure is not null)
        {
            terminal.Say("error:", Color.Red, failure.Story);
            return failure.ExitCode;
        }

        terminal.Output.Write($"run: {folder.FolderOf(point.Point)}\n");
        return ExitCode.Done;
    }

    /// <summary>The plan of the frozen recipe, on the device on which the sweep began: one table has one of each.</summary>
    private SweepPlan PlanOf(SweepFolder folder, CancellationToken interrupted, int? point = null)
    {
        var (file, launch) = (folder.Recipe, folder.Launch);
        if ((Device != "auto" && Device != launch.Device) || (DType != "auto" && DType != launch.Dtype) || Set.Length > 0 || Seed is not null)
        {
            throw Sweeping.OtherCompute(folder);
        }

        if (point > file.Points.Length)
        {
            throw new InputException($"The sweep has {file.Points.Length} points.", $"--point {point}", $"Name one from 1 to {file.Points.Length}.");
        }

        var compute = new Compute(ComputeDevice.Parse(launch.Device), ComputeType.Parse(launch.Dtype))
        {
            IgnoredConfigKeys = launch.IgnoredConfigKeys,
            MemoryBytes = ChosenCompute().MemoryBytes ?? launch.MemoryBytes,
        };
        var plan = SweepPlanner.Plan(point is { } one ? file with { Points = [file.Points[one - 1]] } : file, compute, interrupted, Digests);
        return Fitting(plan, folder.Path, folder.Cache(Digests), interrupted);
    }

    private IExecutor ChosenExecutor()
    {
        var isSlurm = Choice.Of("--executor", Executor, [("local", false), ("slurm", true)]);
        if (!isSlurm && Sbatch.Length > 0)
        {
            throw new InputException("Only Slurm has options of sbatch.", "--sbatch", "Leave --sbatch out, or say --executor slurm.");
        }

        return isSlurm ? new SlurmExecutor(new SlurmOptions { Tool = ThisTool.Call, Jobs = Jobs, Sbatch = Sbatch }) : new LocalExecutor(Jobs ?? 1);
    }
}
