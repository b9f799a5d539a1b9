using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace SeerMoe.Recipes.Yaml;

/// <summary>The form of a value in a recipe, both ways: what YAML is taken for it, and how it is written in canonical form.</summary>
internal abstract class ValueForm<V>
    where V : notnull
{
    /// <summary>Reads the value at <paramref name="path"/> (`prune.ratio`), or reports everything wrong with it.</summary>
    public abstract bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out V value);

    public abstract JsonNode Write(V value);

    /// <summary>The same as a JSON Schema, for editors; nothing in it is anything.</summary>
    public virtual JsonObject Schema() => [];
}

/// <summary>A word or a path.</summary>
internal class TextForm : ValueForm<string>
{
    /// <summary>Any text that is not empty.</summary>
    public static readonly TextForm Any = new();

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = (node as YamlScalar)?.Text;
        if (value is null)
        {
            return reading.Refuse(node.Place, $"{path} must be a text, not {node.Described}");
        }

        return (value.Length > 0 && !value.Any(char.IsControl))
            || reading.Refuse(node.Place, $"{path} must be a text of at least one character, without line breaks");
    }

    public override JsonNode Write(string value) => JsonValue.Create(value);

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}

/// <summary>A path as seen from the recipe's folder: a rooted one would carry somebody's machine into the run's recipe and lock.</summary>
internal sealed class PathForm : TextForm
{
    public static readonly PathForm Instance = new();

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out string value) =>
        base.TryRead(node, path, reading, out value)
        && (!Path.IsPathRooted(value) || reading.Refuse(node.Place, $"{path} can't be the absolute path {YamlScalar.Cut(value)}", "Write it relative to the recipe's folder: the same recipe then gives the same lock on every machine."));

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[^/]" };
}

/// <summary>A name that is also a folder's: letters, digits, '-', '_' and '.', not a '.' first.</summary>
internal sealed class NameForm : TextForm
{
    private const int Longest = 100;

    public static readonly NameForm Instance = new();

    public static bool Allows(string name) =>
        name.Length is > 0 and <= Longest && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out string value) =>
        base.TryRead(node, path, reading, out value)
        && (Allows(value) || reading.Refuse(node.Place, $"{path} can't be {YamlScalar.Cut(value)}", $"A name has letters, digits, '-', '_' and '.', starts with no '.', and is at most {Longest} long."));

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = $"^[A-Za-z0-9_-][A-Za-z0-9_.-]{{0,{Longest - 1}}}$" };
}

/// <summary>One of a list of words: `unknown criterion 'sofft'`.</summary>
internal sealed class ChoiceForm<V>(string what, IReadOnlyList<(string Word, V Value)> words) : ValueForm<V>
    where V : notnull
{
    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out V value)
    {
        value = default;
        if (node is not YamlScalar scalar)
        {
            return reading.Refuse(node.Place, $"{path} must be a word, not {node.Described}", Known());
        }

        foreach (var (word, meaning) in words)
        {
            if (word == scalar.Text)
            {
                value = meaning;
                return true;
            }
        }

        string[] known = [.. words.Select(pair => pair.Word)];
        return reading.Refuse(node.Place, $"unknown {what} {YamlScalar.Cut(scalar.Text)}", Hints.ForUnknown(scalar.Text, known, "Known"));
    }

    public override JsonNode Write(V value) => JsonValue.Create(words.First(pair => pair.Value.Equals(value)).Word);

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Select(pair => JsonValue.Create(pair.Word))]) };

    private string Known() => $"Known: {string.Join(", ", words.Select(pair => pair.Word))}.";
}

/// <summary>`true` or `false`.</summary>
internal sealed class FlagForm : ValueForm<bool>
{
    public static readonly FlagForm Instance = new();

    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out bool value)
    {
        value = (node as YamlScalar)?.Text == "true";
        return node is YamlScalar { Text: "true" or "false" } || reading.Refuse(node.Place, $"{path} must be true or false, not {node.Described}");
    }

    public override JsonNode Write(bool value) => JsonValue.Create(value);

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>`[a, b]`; a single value counts as a list of one.</summary>
internal sealed class ListForm<V>(ValueForm<V> item) : ValueForm<ValueList<V>>
    where V : notnull
{
    public override bool TryRead(YamlNode node, string path, Reading reading, [MaybeNullWhen(false)] out ValueList<V> value)
    {
        IReadOnlyList<YamlNode> nodes = node is YamlList list ? list.Items : [node];
        var items = new List<V>();
        var right = true;
        for (var i = 0; i < nodes.Count; i++)
        {
            var itemPath = $"{path}[{i}]";
            reading.Places.Add(itemPath, nodes[i].Place);
            if (item.TryRead(nodes[i], itemPath, reading, out var read))
            {
                items.Add(read);
            }
            else
            {
                right = false;
            }
        }

        value = [.. items];
        return right;
    }

    public override JsonNode Write(ValueList<V> value) => new JsonArray([.. value.Select(item.Write)]);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "array", ["items"] = item.Schema() }, item.Schema()) };
}
