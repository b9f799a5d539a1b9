using System.Text;
using System.Text.Json;

namespace SeerMoe.Torch.Training;

/// <summary>One look at the held-out data.</summary>
/// <param name="Step">Steps made; 0 is the checkpoint that the training began with.</param>
/// <param name="Loss">Nats a token.</param>
/// <param name="TopK">Experts a token was sent to.</param>
/// <param name="IsFinal">Whether top-K had come to its end: only then can the parameters be kept.</param>
public sealed record HeldOutLook(int Step, double Loss, int TopK, bool IsFinal);

/// <summary>held-out.jsonl: a line a look.</summary>
internal sealed class HeldOutLog
{
    public const string Name = "held-out.jsonl";

    private readonly string _path;
    private readonly List<HeldOutLook> _looks;

    /// <summary>Goes on with the folder's log as it was after so many steps; later looks come again.</summary>
    public HeldOutLog(string folder, int steps)
    {
        _path = Path.Combine(folder, Name);
        _looks = [.. Read(folder).Where(look => look.Step <= steps)];
        Write();
    }

    /// <summary>The first look with the smallest loss of parameters that can be kept; null where there is none.</summary>
    public HeldOutLook? Best => _looks.Where(look => look.IsFinal).MinBy(look => look.Loss);

    /// <summary>Looks since the best one.</summary>
    public int Since => _looks.Count(look => look.IsFinal && look.Step > Best!.Step);

    public HeldOutLook? At(int step) => _looks.Find(look => look.Step == step);

    public void Add(HeldOutLook look)
    {
        _looks.Add(look);
        Write();
    }

    /// <summary>Every look in the folder's log; none where there is no log.</summary>
    public static IEnumerable<HeldOutLook> Read(string folder) => File.Exists(Path.Combine(folder, Name))
        ? File.ReadAllLines(Path.Combine(folder, Name)).Select(line => JsonSerializer.Deserialize<HeldOutLook>(line, SeerJson.Line)!)
        : [];

    private void Write() =>
        AtomicFile.WriteText(_path, _looks.Aggregate(new StringBuilder(), (text, look) => text.Append(JsonSerializer.Serialize(look, SeerJson.Line)).Append('\n')).ToString());
}
