using System.Text.Json.Nodes;
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
            .Select(line => JsonNode.Parse(line)!)
            .Where(happened => (string?)happened["event"] == "stage done")
            .GroupBy(happened => (string)happened["stage"]!)
            .ToDictionary(stage => stage.Key, stage => (double)stage.Last()["seconds"]!);
    }
}
