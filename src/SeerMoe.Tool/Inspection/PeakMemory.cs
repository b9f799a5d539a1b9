namespace SeerMoe.Tool.Inspection;

/// <summary>The most memory that a process took for a run, as events.jsonl tells it.</summary>
public static class PeakMemory
{
    /// <summary>Bytes; null where nothing is told.</summary>
    public static long? Of(string runFolder) => EventLines.Read<Happened>(runFolder).Max(happened => happened.PeakMemoryBytes);

    private sealed record Happened(long? PeakMemoryBytes);
}
