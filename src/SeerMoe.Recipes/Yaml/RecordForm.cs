using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>
/// A mapping of known keys and the record they fill: one row a key, read and written from the same row, so that what is
/// understood, what is frozen into a run, and what enters a stage's key can't differ.
/// </summary>
/// <param name="what">What the mapping is, in messages: `prune`, `the recipe`.</param>
/// <param name="start">The record before any key is read: all defaults.</param>
internal sealed class RecordForm<R>(string what, Func<R> start) : ValueForm<R>
    where R : class
{
    private const string KnownKeys = "Known keys";

    private readonly List<Row> _rows = [];

    public RecordForm<R> Key<V>(string name, ValueForm<V> form, Func<R, V?> get, Func<R, V, R> set, bool required = false)
        where V : class => Add(name, form, record => get(record) is { } value ? form.Write(value) : null, set, required);

    public RecordForm<R> Key<V>(string name, ValueForm<V> form, Func<R, V?> get, Func<R, V, R> set, bool required = false)
        where V : struct => Add(name, form, record => get(record) is { } value ? form.Write(value) : null, set, required);

    /// <summary>A key that is read by somebody else, before this form, and has no place where it is still found.</summary>
    public RecordForm<R> Elsewhere(string name, string why, string hint)
    {
        _rows.Add(new Row(name, IsRequired: false, (record, _, entry, reading) =>
        {
            reading.Report(entry.Key.Place, why, hint);
            return record;
        }, Write: null, Schema: null));
        return this;
    }

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out R value)
    {
        var before = reading.Diagnostics.Count;
        value = Read(node, path, reading);
        return reading.Diagnostics.Count == before;
    }

    /// <summary>What could be read; the rest is reported, and keeps its default.</summary>
    public R Read(YamlNode node, string path, Reading reading)
    {
        var record = start();
        var entries = node.IsNull ? [] : (node as YamlMapping)?.Entries;
        if (entries is null)
        {
            reading.Report(node.Place, $"{what} must be a mapping of keys, not {node.Described}", $"{KnownKeys}: {string.Join(", ", Known())}.");
            reading.Places.AddUnread(path, node.Place);
            return record;
        }

        foreach (var entry in entries)
        {
            var key = entry.Key.Text;
            if (_rows.Find(row => row.Name == key) is not { } row)
            {
                ReportUnknown(entry.Key, path, reading);
            }
            else if (!entry.Value.IsNull)
            {
                reading.Places.Add(Join(path, key), entry.Value.Place);
                record = row.Read(record, Join(path, key), entry, reading);
            }
        }

        foreach (var row in _rows.Where(row => row.IsRequired && !reading.Places.Has(Join(path, row.Name))))
        {
            reading.Report(reading.Places.Of(path) ?? node.Place, $"{what} lacks the key '{row.Name}'");
        }

        return record;
    }

    public override JsonNode Write(R value)
    {
        var json = new JsonObject();
        foreach (var row in _rows)
        {
            if (row.Write?.Invoke(value) is { } written)
            {
                json.Add(row.Name, written);
            }
        }

        return json;
    }

    /// <summary>Every key with its form, its meaning (<see cref="KeyMeanings"/>) and its default, and no others.</summary>
    public override JsonObject Schema()
    {
        var (properties, defaults) = (new JsonObject(), start());
        foreach (var row in _rows.Where(row => row.Schema is not null))
        {
            var schema = row.Schema!();
            schema.Insert(0, "description", KeyMeanings.Of(what, row.Name));
            if (!row.IsRequired && row.Write!(defaults) is { } value)
            {
                schema["default"] = value;
            }

            properties[row.Name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. _rows.Where(row => row.IsRequired).Select(row => JsonValue.Create(row.Name))]),
            ["additionalProperties"] = false,
        };
    }

    private RecordForm<R> Add<V>(string name, ValueForm<V> form, Func<R, JsonNode?> write, Func<R, V, R> set, bool required)
        where V : notnull
    {
        _rows.Add(new Row(
            name,
            required,
            (record, path, entry, reading) =>
            {
                if (form.TryRead(entry.Value, path, reading, out var value))
                {
                    return set(record, value);
                }

                reading.Places.AddUnread(path, entry.Value.Place);
                return record;
            },
            write,
            form.Schema));
        return this;
    }

    private void ReportUnknown(YamlScalar key, string path, Reading reading)
    {
        var known = Known();
        var meant = DidYouMean.Nearest(key.Text, known);
        reading.Report(key.Place, $"unknown key {YamlScalar.Cut(key.Text)} in {what}", Hints.ForUnknown(key.Text, known, KnownKeys));
        if (meant is not null)
        {
            // So that `ratoi` is not reported a second time as a lack of `ratio`.
            reading.Places.AddUnread(Join(path, meant), key.Place);
        }
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private List<string> Known() => [.. _rows.Select(row => row.Name)];

    private sealed record Row(string Name, bool IsRequired, Func<R, string, YamlEntry, Reading, R> Read, Func<R, JsonNode?>? Write, Func<JsonObject>? Schema);
}
