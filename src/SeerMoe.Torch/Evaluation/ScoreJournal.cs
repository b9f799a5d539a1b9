using System.Text;
using System.Text.Json;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Scores as they are computed, a line a batch, so that a process that was killed need not compute them again. A line that was cut
/// off in the middle is dropped. Doubles are written so that they come back bit by bit.
/// </summary>
public sealed class ScoreJournal : IDisposable
{
    private readonly Queue<Score[]> _known;
    private readonly FileStream _stream;

    private ScoreJournal(Queue<Score[]> known, FileStream stream) => (_known, _stream) = (known, stream);

    /// <param name="path">Need not exist.</param>
    public static ScoreJournal Open(string path)
    {
        var known = new Queue<Score[]>();
        long whole = 0;
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (int end; (end = bytes.AsSpan((int)whole).IndexOf((byte)'\n')) >= 0 && Parse(bytes.AsSpan((int)whole, end)) is { } batch; whole += end + 1)
        {
            known.Enqueue(batch);
        }

        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.SetLength(whole);
        stream.Seek(0, SeekOrigin.End);
        return new ScoreJournal(known, stream);
    }

    /// <summary>The scores of the next batch; null where they are not known.</summary>
    /// <param name="requests">How many the batch has.</param>
    public Score[]? Take(int requests) => _known.TryDequeue(out var known) && known.Length == requests ? known : null;

    /// <summary>Notes the scores of the batch that was not known.</summary>
    /// <exception cref="InputException">One of them is not finite: the model is damaged.</exception>
    public void Add(Score[] scores)
    {
        NotFinite.Refuse(scores.Select(score => score.LogLikelihood), "a score");
        _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(scores, SeerJson.Line) + "\n"));
    }

    public void Dispose() => _stream.Dispose();

    private static Score[]? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Score[]>(line, SeerJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
