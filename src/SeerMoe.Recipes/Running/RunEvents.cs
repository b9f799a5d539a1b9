using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SeerMoe.Torch;
using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Recipes.Running;

/// <summary>events.jsonl: when, how long, how much memory, on what machine. All that the lock must not hold.</summary>
public sealed class RunEvents(string runFolder)
{
    public const string Name = "events.jsonl";

    private readonly string _path = Path.Combine(runFolder, Name);

    /// <param name="recipeFolder">Full path: whoever reproduces the run finds its inputs there.</param>
    public void Started(string recipeFolder) => Append(new
    {
        At = DateTime.UtcNow,
        Event = "started",
        RecipeFolder = recipeFolder,
        Host = Environment.MachineName,
        Processors = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    });

    public void StageStarted(string stage) => Append(new { At = DateTime.UtcNow, Event = "stage started", Stage = stage });

    /// <summary>Peak memory is the process's so far, not the stage's own.</summary>
    public void StageDone(string stage, TimeSpan elapsed) => Append(new
    {
        At = DateTime.UtcNow,
        Event = "stage done",
        Stage = stage,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        PeakMemoryBytes = PeakMemoryBytes(),
    });

    /// <summary>How far a stage is, in the words of its progress: speed and time left stand here and nowhere else.</summary>
    public void StageAt(string stage, Progress progress, string what) => Append(new { At = DateTime.UtcNow, Event = "stage at", Stage = stage, progress.Done, Of = progress.Total, What = what });

    /// <summary>Something that decides about last bits and that no lock holds: a batch that was halved because memory ran out.</summary>
    public void Noticed(string stage, string notice) => Append(new { At = DateTime.UtcNow, Event = "noticed", Stage = stage, Notice = notice });

    /// <param name="from">The stage's folder in an earlier run.</param>
    public void StageReused(string stage, string from) => Append(new { At = DateTime.UtcNow, Event = "stage reused", Stage = stage, From = from });

    /// <summary>How fast a model was while it was scored: no two runs give the same number, so it is nowhere but here.</summary>
    public void Scored(string stage, string model, Speed speed) => Append(new
    {
        At = DateTime.UtcNow,
        Event = "scored",
        Stage = stage,
        Model = model,
        speed.Tokens,
        Seconds = Math.Round(speed.Seconds, 3),
        TokensPerSecond = Math.Round(speed.TokensPerSecond, 1),
    });

    public void StageFailed(string stage, Exception error) => Append(new { At = DateTime.UtcNow, Event = "stage failed", Stage = stage, Error = error.Message });

    public void Finished(TimeSpan elapsed) => Append(new { At = DateTime.UtcNow, Event = "finished", Seconds = Math.Round(elapsed.TotalSeconds, 3), PeakMemoryBytes = PeakMemoryBytes() });

    /// <summary>The folder of the recipe that a run was made of, as its events tell; null where they don't.</summary>
    public static string? RecipeFolder(string runFolder)
    {
        try
        {
            var first = File.ReadLines(Path.Combine(runFolder, Name)).First();
            return JsonNode.Parse(first) is JsonObject started ? (string?)started["recipe_folder"] : null;
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidOperationException)
        {
            return null; // no proof hangs on it
        }
    }

    private static long PeakMemoryBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private void Append<T>(T happened) => File.AppendAllText(_path, JsonSerializer.Serialize(happened, SeerJson.Line) + "\n");
}
