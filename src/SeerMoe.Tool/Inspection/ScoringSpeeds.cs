namespace SeerMoe.Tool.Inspection;

/// <summary>How fast each model of a run was while it was scored, as events.jsonl tells it.</summary>
public static class ScoringSpeeds
{
    /// <summary>Tokens a second by model, in the order in which they were scored.</summary>
    public static IReadOnlyDictionary<string, double> Of(string runFolder) => EventLines.Read<Happened>(runFolder)
        .Where(happened => happened is { Event: "scored", Model: not null, TokensPerSecond: not null })
        .GroupBy(happened => happened.Model!)
        .ToDictionary(model => model.Key, model => model.Last().TokensPerSecond!.Value);

    private sealed record Happened(string? Event, string? Model, double? TokensPerSecond);
}
