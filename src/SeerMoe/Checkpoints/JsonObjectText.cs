using System.Text;
using System.Text.Json;

namespace SeerMoe.Checkpoints;

/// <summary>
/// One JSON object as it stands in a text: every value with its place, so that an error can name the line and a value can be
/// exchanged without touching another byte.
/// </summary>
internal sealed class JsonObjectText
{
    private readonly byte[] _utf8;
    private readonly int _brace;
    private readonly List<Member> _members = [];
    private readonly Dictionary<string, Member> _byName = [];

    /// <param name="utf8">The whole text.</param>
    /// <param name="start">Where the object starts in it.</param>
    /// <param name="end">Where it has ended.</param>
    /// <exception cref="JsonException">Not an object, or an object that names a key twice.</exception>
    public JsonObjectText(byte[] utf8, int start, int end)
    {
        _utf8 = utf8;
        var reader = new Utf8JsonReader(utf8.AsSpan(start, end - start));
        reader.Read();
        _brace = reader.TokenType == JsonTokenType.StartObject ? start + (int)reader.TokenStartIndex : throw At(start, "an object is expected.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = start + (int)reader.TokenStartIndex;
            var keyEnd = key + reader.ValueSpan.Length + 2; // its two quotes
            var name = Name(ref reader, key);
            reader.Read();
            var value = start + (int)reader.TokenStartIndex;
            reader.Skip();
            var member = new Member(name, key, keyEnd, value, start + (int)reader.BytesConsumed);
            if (!_byName.TryAdd(name, member))
            {
                throw At(key, $"the key '{name}' stands here a second time.");
            }

            _members.Add(member);
        }

        reader.Read(); // throws for anything but white space behind the object
    }

    /// <summary>The keys in the order of the text.</summary>
    public IEnumerable<string> Keys => _members.Select(member => member.Name);

    public bool TryFind(string key, out Member member) => _byName.TryGetValue(key, out member);

    /// <summary>The text of a value.</summary>
    public ReadOnlySpan<byte> ValueOf(Member member) => _utf8.AsSpan(member.Value, member.End - member.Value);

    /// <summary>The line on which a byte of the text stands, from 1.</summary>
    public int LineOf(int position) => 1 + _utf8.AsSpan(0, position).Count((byte)'\n');

    /// <summary>
    /// The whole text with these values (JSON by key) in place of the ones that are there, or behind them.
    /// <code>
    /// {                       {
    ///   "experts": 8,           "experts": 6,
    ///   "top_k": 2      ─▶      "top_k": 2,
    /// }                         "seer": {"ratio":0.25}
    ///                         }
    /// </code>
    /// A new key takes the white space of the last one before it, and with that its indentation and kind of line end.
    /// </summary>
    public string With(IReadOnlyDictionary<string, string> values)
    {
        using var text = new MemoryStream();
        var position = 0;
        foreach (var member in _members)
        {
            if (values.TryGetValue(member.Name, out var value))
            {
                CopyTo(member.Value);
                text.Write(Encoding.UTF8.GetBytes(value));
                position = member.End;
            }
        }

        CopyTo(_members is [.., var last] ? last.End : _brace + 1);
        text.Write(Encoding.UTF8.GetBytes(NewMembers(values)));
        CopyTo(_utf8.Length);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);

        void CopyTo(int end)
        {
            text.Write(_utf8, position, end - position);
            position = end;
        }
    }

    private string NewMembers(IReadOnlyDictionary<string, string> values)
    {
        var (gap, colon) = _members is [.., var last] ? (GapBefore(last.Key), Text(last.KeyEnd, last.Value)) : ("", ": ");
        var members = values.Where(pair => !_byName.ContainsKey(pair.Key)).Select(pair => $"{gap}{JsonSerializer.Serialize(pair.Key, SeerJson.Line)}{colon}{pair.Value}");
        return string.Concat(members.Select((member, i) => _members.Count + i > 0 ? "," + member : member));
    }

    private string GapBefore(int key)
    {
        var start = key;
        while (_utf8[start - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            start--;
        }

        return Text(start, key);
    }

    private string Text(int start, int end) => Encoding.UTF8.GetString(_utf8, start, end - start);

    private string Name(ref Utf8JsonReader reader, int key)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw At(key, "the key has half a Unicode character."); // a lone surrogate as \ud800
        }
    }

    private JsonException At(int position, string message) => new(message, path: null, lineNumber: LineOf(position) - 1, bytePositionInLine: null);

    /// <summary>Where a key and its value stand in the text; ends are exclusive.</summary>
    public readonly record struct Member(string Name, int Key, int KeyEnd, int Value, int End);
}
