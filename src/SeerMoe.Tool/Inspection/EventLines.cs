using System.Text.Json;
using SeerMoe.Recipes.Running;

namespace SeerMoe.Tool.Inspection;

/// <summary>Lines of a run's events.jsonl. No proof hangs on them, and the last one of a run that was killed may be half a line.</summary>
internal static class EventLines
{
    /// <summary>Those that are of the form asked for; none where there is no such file.</summary>
    public static IEnumerable<T> Read<T>(string runFolder)
        where T : class
    {
        var path = Path.Combine(runFolder, RunEvents.Name);
        IEnumerable<string> lines = File.Exists(path) ? File.ReadLines(path) : [];
        return lines.Select(Parse<T>).OfType<T>();
    }

    private static T? Parse<T>(string line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, SeerJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
