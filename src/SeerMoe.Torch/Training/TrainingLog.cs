using System.Text.Json;

namespace SeerMoe.Torch.Training;

/// <summary>training.jsonl: a line a step.</summary>
public static class TrainingLog
{
    public const string Name = "training.jsonl";

    /// <summary>A step as a line, without its end.</summary>
    public static string Line(TrainingStep step) => JsonSerializer.Serialize(step, SeerJson.Line);

    /// <summary>Every step in the folder's log.</summary>
    /// <exception cref="InputException">A line is no step.</exception>
    public static IEnumerable<TrainingStep> Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        foreach (var (line, i) in File.ReadLines(path).Select((line, i) => (line, i)))
        {
            TrainingStep? step = null;
            try
            {
                step = JsonSerializer.Deserialize<TrainingStep>(line, SeerJson.Line);
            }
            catch (JsonException)
            {
                // said below
            }

            yield return step ?? throw new InputException("The line is no training step.", $"{path}({i + 1})", "Train again.");
        }
    }
}
