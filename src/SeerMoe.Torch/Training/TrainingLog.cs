using System.Text;
using System.Text.Json;

namespace SeerMoe.Torch.Training;

/// <summary>training.jsonl: a line a step.</summary>
public sealed class TrainingLog : IDisposable
{
    public const string Name = "training.jsonl";

    private readonly FileStream _stream;

    private TrainingLog(FileStream stream) => _stream = stream;

    /// <summary>Goes on with the folder's log after so many bytes of it; what stands behind them is lost, and will come again.</summary>
    public static TrainingLog Open(string folder, long bytes)
    {
        var stream = new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.Write);
        stream.SetLength(bytes);
        stream.Seek(0, SeekOrigin.End);
        return new TrainingLog(stream);
    }

    public void Add(TrainingStep step) => _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(step, SeerJson.Line) + "\n"));

    /// <summary>Brings every line to the disk.</summary>
    /// <returns>Bytes so far.</returns>
    public long Flush()
    {
        _stream.Flush(flushToDisk: true);
        return _stream.Length;
    }

    public void Dispose() => _stream.Dispose();

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
