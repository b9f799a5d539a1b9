namespace SeerMoe.Tool.Tests.Documented;

/// <summary>Commands that would take minutes, or a machine that we don't have, made small: the same command with further settings.</summary>
/// <param name="Command">Its beginning, as it is printed.</param>
/// <param name="Settings">What is added to it.</param>
/// <param name="Why">What it takes as it stands.</param>
internal sealed record Shrunk(string Command, string Settings, string Why)
{
    private const string Seer = "dotnet run -c Release --project src/SeerMoe.Tool -- ";
    private const string SmallRun = "--set count.tokens=2048 --set regularize.steps=2 --set evaluate.limit=2 --set evaluate.random_seeds=1";
    private const string SmallCut = "--set count.tokens=2048 --set evaluate.limit=2 --set evaluate.random_seeds=1";
    private const string SmallPaper =
        "--set model=../../examples/tiny-moe --set count.tokens=512 --set count.window=64 --set regularize.steps=2 --set regularize.warm_up=1 --set regularize.window=64 --set evaluate.window=64 --set evaluate.limit=1 --set evaluate.compare=[base]";

    public static readonly IReadOnlyList<Shrunk> All =
    [
        new($"{Seer}run recipes/quickstart.yaml", SmallRun, "a bit over a minute"),
        new("dotnet seer run recipes/quickstart.yaml --set prune.ratio=0.5", SmallRun, "a minute"),
        new("dotnet seer sweep recipes/quickstart.yaml", SmallRun, "four times a minute"),
        new("dotnet seer run recipes/sweep-ratios.yaml", SmallCut, "a minute"),
        new($"{Seer}run recipes/sweep-ratios.yaml", SmallCut, "a minute"),
        new("dotnet seer sweep recipes/sweep-ratios.yaml --resume", SmallCut, "must be the sweep that was begun above"),
        new("seer sweep recipes/sweep-ratios.yaml --over", SmallCut, "half a minute"),
        new($"{Seer}run recipes/train-tiny-moe.yaml", "--set regularize.steps=2 --set regularize.warm_up=1 --set evaluate.limit=2", "8 to 15 minutes"),
        new("dotnet seer run examples/scripts/", SmallCut.Replace(" --set evaluate.random_seeds=1", "", StringComparison.Ordinal), "15 to 20 seconds each"),
        new("bash recipes/study/run.sh", "", "two hours; TheStudy makes each of its recipes small"),
        new("dotnet seer run recipes/paper/", SmallPaper, "98 GB of device memory, and hours"),
    ];
}
