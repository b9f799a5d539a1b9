using System.Text;
using System.Text.Json;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// Scores as they are computed, a line a batch and in it a list a mask, so that they are computed once: a process that was killed goes
/// on behind them, and masks that go through the model together find theirs here. A line that was cut off in the middle is dropped.
/// Doubles are written so that they come back bit by bit.
/// </summary>
public sealed class ScoreJournal : IDisposable
{
    private readonly List<Score[][]> _batches = [];
    private readonly FileStream? _stream;

    /// <summary>In memory alone.</summary>
    public ScoreJournal()
    {
    }

    private ScoreJournal(string path, int masks)
    {
        long whole = 0;
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (int end; (end = bytes.AsSpan((int)whole).IndexOf((byte)'\n')) >= 0 && Parse(bytes.AsSpan((int)whole, end)) is { } batch && batch.Length == masks; whole += end + 1)
        {
            _batches.Add(batch);
        }

        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _stream.SetLength(whole);
        _stream.Seek(0, SeekOrigin.End);
    }

    /// <param name="path">Need not exist.</param>
    /// <param name="masks">That every batch is scored under.</param>
    public static ScoreJournal Open(string path, int masks) => new(path, masks);

    /// <summary>The scores of a batch under each mask; null where they are not known.</summary>
    /// <param name="batch">Its number.</param>
    /// <param name="requests">How many it has.</param>
    /// <exception cref="InputException">The journal is of other requests.</exception>
    public IReadOnlyList<Score[]>? Find(int batch, int requests) =>
        batch >= _batches.Count ? null
        : Array.TrueForAll(_batches[batch], scores => scores.Length == requests) ? _batches[batch]
        : throw new InputException($"Batch {batch} has {requests} requests, and other numbers of scores are noted.", _stream?.Name ?? "scores", "Run it again without --resume.");

    /// <summary>Notes the scores of the first batch that is not known.</summary>
    /// <param name="ofMasks">A list a mask.</param>
    /// <exception cref="InputException">One of them is not finite: the model is damaged.</exception>
    public void Add(Score[][] ofMasks)
    {
        NotFinite.Refuse(ofMasks.SelectMany(scores => scores).Select(score => score.LogLikelihood), "a score");
        _batches.Add(ofMasks);
        _stream?.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(ofMasks, SeerJson.Line) + "\n"));
    }

    public void Dispose() => _stream?.Dispose();

    private static Score[][]? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Score[][]>(line, SeerJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
