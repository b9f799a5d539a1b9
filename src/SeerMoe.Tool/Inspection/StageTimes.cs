using System.Text.Json;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Tool.Inspection;

/// <summary>How long each stage of a run took, as events.jsonl tells it.</summary>
public static class StageTimes
{
    /// <summary>Seconds by stage; none for a stage that was not done here.</summary>
    public static IReadOnlyDictionary<string, double> Of(string runFolder)
    {
        var path = Path.Combine(runFolder, RunEvents.Name);
        IEnumerable<string> lines = File.Exists(path) ? File.ReadLines(path) : [];
        return lines
            .Select(Read)
            .Where(happened => happened is { Event: "stage done", Stage: not null, Seconds: not null })
            .GroupBy(happened => happened!.Stage!)
            .ToDictionary(stage => stage.Key, stage => stage.Last()!.Seconds!.Value);
    }

    // No proof hangs on these lines, and the last one of a run that was killed may be half a line.
    private static Happened? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Happened>(line, SeerJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Happened(string? Event, string? Stage, double? Seconds);
}
