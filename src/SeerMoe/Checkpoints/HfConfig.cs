using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace SeerMoe.Checkpoints;

/// <summary>A config.json, or one object in it: reads that name key and line when they fail, a memory of what was read, and patches in place.</summary>
public sealed class HfConfig
{
    private const int LongestValueShown = 60;

    private readonly byte[] _utf8;
    private readonly JsonObjectText _object;
    private readonly string _file;
    private readonly string _section;
    private readonly HashSet<string> _read = [];
    private readonly Dictionary<string, HfConfig> _sections = [];

    private HfConfig(byte[] utf8, JsonObjectText text, string file, string section) =>
        (_utf8, _object, _file, _section) = (utf8, text, file, section);

    /// <summary>The file; for a section "config.json: rope_parameters".</summary>
    public string Path => _section.Length == 0 ? _file : $"{_file}: {_section}";

    /// <summary>The family: `model_type`.</summary>
    public string ModelType => TextOf("model_type", Required("model_type"));

    /// <summary>Keys with a value that nobody has asked for, in the order of the file; those of sections as `rope_scaling.factor`.</summary>
    public IReadOnlyCollection<string> Unread =>
    [
        .. from key in _object.Keys
           from unread in _sections.TryGetValue(key, out var section) ? section.Unread.Select(inner => $"{key}.{inner}") : _read.Contains(key) || IsNull(key) ? [] : [key]
           select unread,
    ];

    /// <summary>The whole file, byte for byte.</summary>
    internal ReadOnlySpan<byte> FileBytes => _utf8;

    /// <exception cref="InputException">The file is absent, not UTF-8, or not a JSON object.</exception>
    public static HfConfig Read(string path) => Parse(InputFile.ReadBytes(path), path);

    /// <exception cref="InputException">The text is not a JSON object.</exception>
    public static HfConfig Parse(string json, string path) => Parse(Encoding.UTF8.GetBytes(json), path);

    /// <summary>Whether the key is there with another value than null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether the key is there at all: `rope_scaling.factor` for one of a section.</summary>
    public bool Names(string key) =>
        _object.TryFind(key, out _) || (key.Split('.', 2) is [var section, var inner] && SectionNode(section)?.ContainsKey(inner) == true);

    public int Int(string key) => IntOf(key, Required(key));

    public int Int(string key, int fallback) => Find(key) is { } value ? IntOf(key, value) : fallback;

    /// <summary>A size or a count: 1 or more.</summary>
    public int Positive(string key) => Int(key) is > 0 and var value ? value : throw Wrong(key, "1 or more");

    /// <inheritdoc cref="Positive(string)"/>
    public int Positive(string key, int fallback) => Has(key) ? Positive(key) : fallback;

    /// <summary>The same, null where the key is absent or null.</summary>
    public int? PositiveOrNull(string key) => Has(key) ? Positive(key) : null;

    /// <summary>The same number under several names: those of the keys that are there must agree.</summary>
    /// <exception cref="InputException">None is there, or two differ.</exception>
    public int PositiveOf(ImmutableArray<string> keys)
    {
        ImmutableArray<string> present = [.. keys.Where(Has)];
        if (present.IsEmpty)
        {
            return Positive(keys[0]);
        }

        foreach (var key in present.Where(key => Positive(key) != Positive(present[0])))
        {
            throw Wrong(key, $"{Positive(present[0])} as {Named(present[0])} says");
        }

        return Positive(present[0]);
    }

    public double Number(string key) => NumberOf(key, Required(key));

    public double Number(string key, double fallback) => Find(key) is { } value ? NumberOf(key, value) : fallback;

    public bool Flag(string key, bool fallback) => Find(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(key, "true or false"),
    };

    public string Text(string key, string fallback) => Find(key) is { } value ? TextOf(key, value) : fallback;

    /// <summary>The object under a key, the same one each time, with a memory of its own; null where there is none.</summary>
    public HfConfig? Section(string key)
    {
        if (_sections.TryGetValue(key, out var known) || Find(key) is not { } value)
        {
            return known;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(key, "an object");
        }

        _object.TryFind(key, out var member);
        return _sections[key] = Parse(_utf8, member.Value, member.End, _file, Named(key));
    }

    /// <summary>A copy of the object under a key, to change and hand to <see cref="Patched"/>; null where there is none.</summary>
    public JsonObject? SectionNode(string key) => Has(key) ? JsonNode.Parse(_utf8)![key]!.DeepClone().AsObject() : null;

    public ImmutableArray<int> Integers(string key)
    {
        var value = Required(key);
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => IntOf(key, item))]
            : throw Wrong(key, "a list of whole numbers");
    }

    public ImmutableArray<double> Numbers(string key)
    {
        var value = Required(key);
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => NumberOf(key, item))]
            : throw Wrong(key, "a list of numbers");
    }

    /// <summary>A list of words, each one of <paramref name="known"/>; null where the key is absent or null.</summary>
    public ImmutableArray<string>? TextsOrNull(string key, params string[] known)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && known.Contains(item.GetString()))
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw Wrong(key, $"a list of {string.Join(" and ", known)}");
    }

    /// <summary>Takes keys as read, whatever they hold: `rope_scaling.factor` for one of a section.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Ignore(key);
        }
    }

    private void Ignore(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && Find(key[..dot]) is { ValueKind: JsonValueKind.Object })
        {
            Section(key[..dot])!.Ignore(key[(dot + 1)..]);
        }
        else if (_sections.TryGetValue(key, out var whole))
        {
            whole.Ignore([.. whole.Unread]);
        }

        _read.Add(key);
    }

    /// <summary>The text of the file with just these values replaced and new keys behind the last one; every other byte stays.</summary>
    public string Patched(IReadOnlyList<(string Key, JsonNode Value)> changes) =>
        _object.With(changes.ToDictionary(change => change.Key, change => change.Value.ToJsonString(SeerJson.Line)));

    private static HfConfig Parse(byte[] utf8, string path) => Utf8.IsValid(utf8)
        ? Parse(utf8, 0, utf8.Length, path, section: "")
        : throw new InputException("The file is not UTF-8 text.", path, "Save it as UTF-8, or download it again.");

    private static HfConfig Parse(byte[] utf8, int start, int end, string file, string section)
    {
        try
        {
            return new HfConfig(utf8, new JsonObjectText(utf8, start, end), file, section);
        }
        catch (JsonException error)
        {
            throw new InputException($"Not the JSON object expected here: {SeerJson.Reason(error)}", $"{file}({error.LineNumber + 1})", "Correct the file, or download it again.", error);
        }
    }

    /// <summary>The value under a key; null where it is absent or null.</summary>
    private JsonElement? Find(string key)
    {
        _read.Add(key);
        return _object.TryFind(key, out var member) && JsonElement.Parse(_object.ValueOf(member)) is { ValueKind: not JsonValueKind.Null } value ? value : null;
    }

    private bool IsNull(string key) => _object.TryFind(key, out var member) && _object.ValueOf(member).SequenceEqual("null"u8);

    private JsonElement Required(string key) =>
        Find(key) ?? throw new InputException($"The config has no '{Named(key)}'.", Path, "Add the key, or download the file again.");

    private int IntOf(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Wrong(key, "a whole number below 2^31");

    private double NumberOf(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(key, "a number");

    private string TextOf(string key, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, "text");
        }
        catch (InvalidOperationException)
        {
            throw Wrong(key, "text of whole Unicode characters"); // a lone surrogate as \ud800
        }
    }

    private InputException Wrong(string key, string expected)
    {
        _object.TryFind(key, out var member);
        var value = Encoding.UTF8.GetString(_object.ValueOf(member));
        var shown = value.Length <= LongestValueShown ? value : $"{value.AsSpan(0, LongestValueShown)}...";
        return new InputException($"'{Named(key)}' is {shown}, not {expected}.", $"{_file}({_object.LineOf(member.Value)})", "Correct the value, or download the file again.");
    }

    private string Named(string key) => _section.Length == 0 ? key : $"{_section}.{key}";
}
