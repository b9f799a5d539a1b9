namespace SeerMoe.Tool.Inspection;

/// <summary>How long each stage of a run took, as events.jsonl tells it.</summary>
public static class StageTimes
{
    /// <summary>Seconds by stage; none for a stage that was not done here.</summary>
    public static IReadOnlyDictionary<string, double> Of(string runFolder) => EventLines.Read<Happened>(runFolder)
        .Where(happened => happened is { Event: "stage done", Stage: not null, Seconds: not null })
        .GroupBy(happened => happened.Stage!)
        .ToDictionary(stage => stage.Key, stage => stage.Last().Seconds!.Value);

    private sealed record Happened(string? Event, string? Stage, double? Seconds);
}
