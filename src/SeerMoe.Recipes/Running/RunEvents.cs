using System.Diagnostics;
using System.Text.Json;

namespace SeerMoe.Recipes.Running;

/// <summary>events.jsonl: when, how long, how much memory, on what machine. All that the lock must not hold.</summary>
public sealed class RunEvents(string runFolder)
{
    public const string Name = "events.jsonl";

    private readonly string _path = Path.Combine(runFolder, Name);

    public void Started() => Append(new
    {
        At = DateTime.UtcNow,
        Event = "started",
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

    /// <param name="from">The stage's folder in an earlier run.</param>
    public void StageReused(string stage, string from) => Append(new { At = DateTime.UtcNow, Event = "stage reused", Stage = stage, From = from });

    public void StageFailed(string stage, Exception error) => Append(new { At = DateTime.UtcNow, Event = "stage failed", Stage = stage, Error = error.Message });

    public void Finished(TimeSpan elapsed) => Append(new { At = DateTime.UtcNow, Event = "finished", Seconds = Math.Round(elapsed.TotalSeconds, 3), PeakMemoryBytes = PeakMemoryBytes() });

    private static long PeakMemoryBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private void Append<T>(T happened) => File.AppendAllText(_path, JsonSerializer.Serialize(happened, SeerJson.Line) + "\n");
}
