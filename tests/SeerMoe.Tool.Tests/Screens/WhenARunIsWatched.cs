using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SeerMoe.Recipes;
using SeerMoe.Recipes.Planning;
using SeerMoe.Recipes.Running;
using SeerMoe.Testing;
using SeerMoe.Tool.Output;
using SeerMoe.Torch;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Tests.Screens;

/// <summary>A small recipe of all stages: its plan, its progress in a log, and its closing table.</summary>
public sealed partial class WhenARunIsWatched : IDisposable
{
    private const string Recipe =
        """
        name: small
        seed: 17
        threads: 1
        model: model
        data:
          text: { path: text.txt }
          facts: { path: facts.jsonl, format: choices }
        stages:
          - count: { data: text, window: 16, batch: 1 }
          - prune: { ratio: 0.25 }
          - regularize: { data: text, steps: 4, batch: 1, window: 16 }
          - evaluate: { tasks: [facts], compare: [base, random] }

        """;

    private readonly TemporaryFolder _folder = new();

    public WhenARunIsWatched()
    {
        PicoCheckpoint.Write(_folder["model"]);
        _folder.Write("text.txt", string.Concat(Enumerable.Range(1, 40).Select(line => $"The owl saw {line} hares in the field.\n")));
        _folder.Write("facts.jsonl", "{\"question\": \"1 plus 1 is\", \"choices\": [\"2\", \"3\"], \"answer\": 0}\n{\"question\": \"1 plus 2 is\", \"choices\": [\"2\", \"3\"], \"answer\": 1}\n");
        _folder.Write("small.yaml", Recipe);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_plan_is_as_reviewed()
    {
        var plan = Seer.Run("plan", _folder["small.yaml"], "--device", "cpu", "--output", _folder["runs"]);

        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        Screen.IsAsReviewed("plan", Screen.Masked(plan.Output, _folder));
    }

    [Fact]
    public void Its_progress_and_its_closing_table_are_as_reviewed()
    {
        using var log = new StringWriter { NewLine = "\n" };
        using var progress = new ProgressLine(new Terminal(TextWriter.Null, log), CancellationToken.None, new EvenClock(), () => 412_000_000);
        var first = Run(progress);
        var second = Run(progress: null, "regularize.steps=2");

        Screen.IsAsReviewed("progress", Loss().Replace(log.ToString(), "${what} <number>"));
        Screen.IsAsReviewed("closing", Closing(first, 0.06, 3.21, 185, 7800));
        Screen.IsAsReviewed("closing reused", Closing(second, 17.4, 99.9));
        AssertLeavesWhatHelpSays(first);
    }

    private RunOutcome Run(IProgress<Progress>? progress, params string[] settings)
    {
        var plan = RunPlanner.Plan(RecipeFile.Load(_folder["small.yaml"], settings), new Compute(ComputeDevice.Cpu, ComputeType.Parse("auto")));
        return Runner.Run(plan, _folder["runs"], progress, cache: new(_folder["runs"], new()));
    }

    /// <summary>The table of a run that took so many seconds, stage by stage.</summary>
    private static string Closing(RunOutcome outcome, params ReadOnlySpan<double> seconds)
    {
        var path = Path.Combine(outcome.Folder, RunEvents.Name);
        var lines = File.ReadAllLines(path).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var done = lines.Where(line => (string?)line["event"] == "stage done").ToList();
        Assert.Equal(seconds.Length, done.Count);
        for (var i = 0; i < done.Count; i++)
        {
            done[i]["seconds"] = seconds[i];
        }

        foreach (var line in lines.Where(line => line.ContainsKey("peak_memory_bytes")))
        {
            line["peak_memory_bytes"] = 466_000_000;
        }

        File.WriteAllLines(path, lines.Select(line => line.ToJsonString()));
        return string.Concat(StageTable.Lines(outcome).Select(line => $"{line}\n"));
    }

    private static void AssertLeavesWhatHelpSays(RunOutcome outcome)
    {
        var help = Seer.Run("help", "stages").Output.Split('\n').Where(line => line.StartsWith("  leaves  ", StringComparison.Ordinal)).Select(line => line["  leaves  ".Length..].Split(", ").Order(StringComparer.Ordinal));
        var left = outcome.Plan.Stages.Select(stage => new DirectoryInfo(Path.Combine(outcome.Folder, stage.Folder)).EnumerateFileSystemInfos().Select(entry => entry is DirectoryInfo ? $"{entry.Name}/" : entry.Name).Order(StringComparer.Ordinal));

        Assert.Equal(left, help);
    }

    [GeneratedRegex(@"\b(?<what>loss|entropy) -?\d+\.\d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Loss();

    /// <summary>A second later each time that it is looked at.</summary>
    private sealed class EvenClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
