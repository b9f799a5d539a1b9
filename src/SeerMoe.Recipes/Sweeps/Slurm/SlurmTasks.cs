using System.Globalization;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Sweeps.Slurm;

/// <summary>The commands that the tasks of a sweep run: the ordinary ones of the tool, which anybody can run by hand.</summary>
/// <param name="tool">The tool itself: a command and its first arguments.</param>
/// <param name="folder">Of the sweep.</param>
internal sealed class SlurmTasks(IReadOnlyList<string> tool, SweepFolder folder)
{
    private const double GiB = 1L << 30;

    /// <summary>The points of <paramref name="numbers"/>, one a task.</summary>
    public SbatchScript Points(string name, IReadOnlyList<int> numbers, int? atOnce) =>
        new(name, "Runs points of the sweep, one a task.", [.. tool, "sweep", folder.Path, "--point", ShellWord.Task, "--quiet"]) { Tasks = numbers, AtOnce = atOnce };

    /// <summary>A count in one piece.</summary>
    public SbatchScript Count(string name, PlannedPoint point) =>
        new(name, "Counts once for all points that share this count.", [.. CountArguments(point), "--output", folder.CountOf(point.Count!)]);

    /// <summary>Shards of a count, one a task.</summary>
    public SbatchScript Shards(string name, PlannedPoint point, IReadOnlyList<int> shards) =>
        new(name, "Counts slices of the calibration data, one a task.", [.. CountArguments(point), "--shard", $"{ShellWord.Task}/{ShardsOf(point.Count!)}", "--output", ShardFolder(point.Count!, ShellWord.Task)]) { Tasks = shards };

    /// <summary>Adds the shards, in their order.</summary>
    public SbatchScript Merge(string name, PlannedStage count) =>
        new(name, "Adds what the slices counted.", [.. tool, "merge-statistics", .. Enumerable.Range(1, ShardsOf(count)).Select(shard => ShardFolder(count, $"{shard}")), "--output", folder.CountOf(count), "--quiet"]);

    public static int ShardsOf(PlannedStage count) => ((CountStep)count.Step).Shards;

    /// <summary>Shards whose statistics are not there yet.</summary>
    public IReadOnlyList<int> MissingShards(PlannedStage count) =>
        [.. Enumerable.Range(1, ShardsOf(count)).Where(shard => !Directory.Exists(ShardFolder(count, $"{shard}")))];

    private string ShardFolder(PlannedStage count, string shard) => Path.Combine(folder.Counts, $"{count.ShortKey}.shards", shard);

    private List<string> CountArguments(PlannedPoint point)
    {
        var step = (CountStep)point.Count!.Step;
        var (file, launch) = (point.Plan.File, folder.Launch);
        var data = file.Recipe.Find(step.Data)!;
        List<string> arguments =
        [
            .. tool, "count",
            "--model", point.Plan.Model.Folder,
            "--data", file.Resolve(data.Path),
            "--format", RecipeWords.Formats.First(format => format.Value == data.Format).Word,
            "--window", $"{step.Options.Window}",
            "--batch", $"{step.Options.Batch}",
            "--device", launch.Device,
            "--dtype", launch.Dtype,
            "--threads", $"{file.Recipe.Threads}",
            "--quiet",
        ];
        arguments.AddRange(data.Format == DataFormat.JsonLines ? ["--field", data.Field] : []);
        arguments.AddRange(step.Options.Tokens is { } tokens ? ["--tokens", $"{tokens}"] : []);
        arguments.AddRange(launch.MemoryBytes is { } memory ? ["--memory", (memory / GiB).ToString("R", CultureInfo.InvariantCulture)] : []);
        arguments.AddRange(launch.IgnoredConfigKeys.SelectMany(key => new[] { "--ignore-config-key", key }));
        return arguments;
    }
}
